// Number editors with the site's formats: `5,00 ` and `63,00 %`.

class ASPxClientSpinEdit extends ASPxClientEdit {
  Initialize() {
    super.Initialize();
    if (!this.enabled) return;
    if (this.late) {
      const shown = this.input.value;
      ASPx.later(1500, () => this.ArriveLate(shown));
    }
    this.part("_B-2").addEventListener("click", () => this.Step(1));
    this.part("_B-3").addEventListener("click", () => this.Step(-1));
  }

  // A value that comes after the answer; the row may have been rendered again since, or be gone.
  ArriveLate(shown) {
    const now = ASPx.controls.get(this.name);
    if (!now || now.row !== this.row || (!this.lateWins && now.input.value !== shown)) return;
    now.dirty = false;
    now.input.value = now.value = this.late;
    now.WriteState();
  }

  ParseValue() {
    let bare = this.input.value.replace(/[\s€%]/g, "");
    bare = this.comma ? bare.replace(/\./g, "").replace(",", ".") : bare.replace(/,/g, "");
    return bare === "" ? 0 : Number(bare);
  }
  Format(value) {
    const text = value.toLocaleString(this.comma ? "it-IT" : "en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2, useGrouping: "always" });
    return this.unit ? `${text} ${this.unit}` : `${text} `;
  }
  GetValue() {
    const value = this.ParseValue();
    return Number.isNaN(value) ? null : value;
  }
  GetNumber() {
    return this.GetValue();
  }
  SetValue(value) {
    this.input.value = this.Format(Number(value || 0));
    this.value = this.input.value;
    this.WriteState();
  }
  SetNumber(value) {
    this.SetValue(value);
  }
  RawValue() {
    const value = this.ParseValue();
    return Number.isNaN(value) ? this.input.value : String(value);
  }
  Step(by) {
    this.input.value = this.Format(Math.max(0, (this.GetValue() || 0) + by));
    this.OnTextChanged();
  }

  OnTextChanged() {
    this.dirty = false;
    const number = this.ParseValue();
    this.valid = !Number.isNaN(number);
    if (this.valid) this.input.value = this.Format(number);
    if (this.input.value === this.value) return;
    this.value = this.input.value;
    this.OnValueChanged();
  }
}
