// Combo boxes whose items stand in the page.

class ASPxClientComboBox extends ASPxClientEdit {
  Initialize() {
    super.Initialize();
    this.valueField = this.part("_VI");
    this.listField = this.part("_DDD_LVI");
    this.rendered = this.valueField.value;
    this.popup = ASPx.createControl(ASPxClientPopupControl, `${this.name}_DDD`, `${this.uniqueID}$DDD`, { anchor: this.element });
    if (!this.enabled) return;
    this.part("_B-1").addEventListener("click", () => this.ToggleDropDown());
    this.input.addEventListener("click", () => this.menuAction && this.ToggleDropDown());
    this.part("_DDD_PW-1").addEventListener("click", (event) => this.OnItemClick(event));
    this.input.addEventListener("keydown", (event) => event.key === "Escape" && this.HideDropDown());
  }

  OnItemClick(event) {
    const cell = event.target.closest(".dxeListBoxItem_XafTheme");
    // The list follows the mouse, so a click without one chooses nothing.
    if (!cell || (!event.isTrusted && ASPx.rule("combo_needs_real_mouse"))) return;
    const index = Number(/_LBI(\d+)T0$/.exec(cell.id)[1]);
    this.HideDropDown();
    this.Choose(this.items[index][0]);
  }

  Choose(value) {
    if (value === this.valueField.value) return;
    this.SetValue(value);
    this.OnValueChanged();
  }

  ShowDropDown() {
    this.popup.Show();
  }
  HideDropDown() {
    this.popup.Hide();
  }
  ToggleDropDown() {
    if (this.popup.IsVisible()) this.HideDropDown();
    else this.ShowDropDown();
  }

  GetItemCount() {
    return this.items.length;
  }
  GetItem(index) {
    const item = this.items[index];
    return item ? { index, value: item[0], text: item[1] } : null;
  }
  FindItemByText(text) {
    return this.GetItem(this.items.findIndex((item) => item[1] === text));
  }
  FindItemByValue(value) {
    return this.GetItem(this.items.findIndex((item) => item[0] === value));
  }
  GetSelectedIndex() {
    return this.items.findIndex((item) => item[0] === this.valueField.value);
  }
  GetSelectedItem() {
    return this.GetItem(this.GetSelectedIndex());
  }
  SetSelectedIndex(index) {
    if (this.items[index]) this.SetValue(this.items[index][0]);
  }
  GetValue() {
    return this.valueField.value || null;
  }
  // On the client only: no event, no request.
  SetValue(value) {
    const item = this.FindItemByValue(value);
    this.valueField.value = item ? item.value : "";
    this.listField.value = this.valueField.value;
    this.input.value = item ? item.text : "";
    this.value = this.input.value;
    this.WriteState();
  }
  // References fall back to what the last answer rendered.
  Restore() {
    if (this.name.endsWith("_dropdown_DD")) this.SetValue(this.rendered);
  }
  RawValue() {
    return this.valueField.value;
  }

  OnTextChanged() {
    const typed = this.input.value.trim().toLowerCase();
    const item = this.items.find((other) => other[1].toLowerCase() === typed);
    if (item) this.Choose(item[0]);
    else this.SetValue(this.valueField.value);
  }
  OnButtonClick(number) {
    if (number === 1) this.Clear();
  }
  // The eraser tells the server even where nothing was chosen: no object at all is posted.
  Clear() {
    this.SetValue(null);
    this.input.value = this.value = this.items[0][1];
    this.OnValueChanged();
  }
  OnValueChanged() {
    super.OnValueChanged();
    if (this.menuAction) RaiseXafCallback(globalCallbackControl, this.menuAction[0], this.menuAction[1], "", false);
  }
}
