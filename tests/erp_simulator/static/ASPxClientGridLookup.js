// Editors that choose a row of a grid: customer, address, article.

class ASPxClientGridLookup extends ASPxClientEdit {
  Initialize() {
    super.Initialize();
    this.confirmed = this.text; // the text of the object chosen last
    this.typed = false; // whether keys have changed the text since
    this.pending = false; // whether a chosen row still has to be posted
    this.popup = ASPx.createControl(ASPxClientPopupControl, `${this.name}_DDD`, `${this.uniqueID}$DDD`, { anchor: this.element });
    this.GetGridView().lookup = this;
    this.part("_B-1").addEventListener("click", () => this.ToggleDropDown());
    this.part("_B-100").addEventListener("click", () => this.Clear());
    this.input.addEventListener("focus", () => this.OnFocus());
    this.input.addEventListener("blur", () => this.OnBlur());
    this.input.addEventListener("keydown", (event) => this.OnKeyDown(event));
    this.input.addEventListener("input", () => ASPx.rule("filter_needs_real_keys") || this.StartFilter());
  }

  GetGridView() {
    return ASPx.controls.get(`${this.name}_DDD_gv`);
  }
  InCallback() {
    return this.GetGridView().InCallback();
  }
  GetText() {
    return this.input.classList.contains("dxeNullText_XafTheme") ? "" : this.input.value;
  }
  GetValue() {
    return this.GetGridView().state.focusedKey;
  }
  RawValue() {
    return this.key;
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
  OnEnter(event) {
    event.preventDefault();
    this.ConfirmTyped();
  }
  OnTextChanged() {}

  // Null text leaves when the editor is entered.
  OnFocus() {
    if (this.input.classList.contains("dxeNullText_XafTheme")) {
      this.input.classList.remove("dxeNullText_XafTheme");
      this.input.value = "";
    }
  }
  OnBlur() {
    if (xaf.mouseDown && this.popup.IsVisible() && this.popup.element.matches(":hover")) return;
    if (this.pending) this.Post();
    else this.ConfirmTyped();
    if (this.input.value === "") {
      this.input.value = this.nullText;
      this.input.classList.add("dxeNullText_XafTheme");
    }
  }

  // Only a real key starts the incremental filter; pasted text waits for one.
  OnKeyDown(event) {
    if (event.key === "Escape" && this.popup.IsVisible()) {
      event.stopPropagation();
      this.HideDropDown();
      return;
    }
    const writes = event.key.length === 1 || event.key === "Backspace" || event.key === "Delete";
    if (!this.incremental || !event.isTrusted || !writes || event.ctrlKey || event.metaKey) return;
    this.StartFilter();
  }
  StartFilter() {
    if (!this.incremental) return;
    this.typed = true;
    clearTimeout(this.filterTimer);
    this.filterTimer = ASPx.later(300, () => this.Filter());
  }
  Filter() {
    const grid = this.GetGridView();
    if (grid.InCallback()) {
      this.filterTimer = setTimeout(() => this.Filter(), 20);
      return;
    }
    if (!this.typed || document.activeElement !== this.input) return;
    this.ShowDropDown();
    this.Perform("GLP_F", this.input.value);
  }
  Perform(word, text) {
    this.GetGridView().PerformCallback(`${word}|${text.length};${text};`);
  }

  // Leaving the editor with typed text confirms the first row that fits.
  ConfirmTyped() {
    if (!this.typed || this.input.value === this.confirmed) return;
    this.typed = false;
    clearTimeout(this.filterTimer);
    this.HideDropDown();
    if (this.input.value === "") return;
    this.applying = true;
    this.Perform("GLP_AIC", this.input.value);
  }
  OnGridCallback() {
    this.popup.element.classList.add("filtered");
    if (this.popup.IsVisible()) this.popup.Place();
    if (!this.applying) return;
    const row = this.GetGridView().state.focusedRow;
    // A filter's answer may come before that of the confirmation behind it.
    this.applying = row < 0 && this.InCallback();
    if (row < 0) return;
    this.Choose(row);
    this.Post();
  }

  OnRowClick(position, trusted) {
    const grid = this.GetGridView();
    if (!trusted && !this.trusting && ASPx.rule("lookup_needs_real_mouse")) {
      // A click without a mouse only highlights: nothing is chosen.
      grid.markup.ShowFocus();
      const row = grid.part(`_DXDataRow${position + grid.visibleStartIndex}`);
      row.classList.add("dxgvFocusedRow_XafTheme");
      return;
    }
    this.Choose(position);
    this.HideDropDown();
    this.input.focus();
    if (document.body.dataset.applyChoice === "1") this.Perform("GLP_AC", String(grid.keys[position]));
    if (this.incremental) this.pending = true;
    else this.Post();
  }

  Choose(position) {
    const grid = this.GetGridView();
    grid.FocusRow(position);
    this.key = grid.keys[position];
    this.confirmed = grid.cpDisplayTexts[position];
    this.input.classList.remove("dxeNullText_XafTheme");
    this.input.value = this.confirmed;
    this.typed = false;
  }
  Post() {
    this.pending = false;
    this.OnValueChanged();
  }
  Clear() {
    this.GetGridView().FocusRow(-1);
    this.key = this.confirmed = this.input.value = "";
    this.input.focus();
  }
}
