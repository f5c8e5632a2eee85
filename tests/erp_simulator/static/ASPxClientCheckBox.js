// Check boxes: `C` checked, `U` unchecked.

class ASPxClientCheckBox extends ASPxClientEdit {
  Initialize() {
    this.ValueChanged = new ASPxClientEvent();
    this.CheckedChanged = new ASPxClientEvent();
    this.valid = true;
    this.field = this.part("_S");
    this.mark = this.part("_S_D");
    if (this.enabled) this.element.addEventListener("click", () => this.Toggle());
  }
  GetChecked() {
    return this.field.value === "C";
  }
  SetChecked(checked) {
    this.field.value = checked ? "C" : "U";
    this.mark.className = `dxWeb_edtCheckBox${checked ? "Checked" : "Unchecked"}_XafTheme`;
  }
  GetValue() {
    return this.GetChecked();
  }
  SetValue(value) {
    this.SetChecked(value === true);
  }
  Toggle() {
    this.SetChecked(!this.GetChecked());
    this.CheckedChanged.FireEvent(this, {});
    if (this.immediate) xaf.postImmediately();
  }
  WriteState() {}
}
