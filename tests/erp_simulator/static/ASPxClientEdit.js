// Editors: value, state field, change events, immediate posts.

class ASPxClientEdit extends ASPxClientControl {
  Initialize() {
    this.ValueChanged = new ASPxClientEvent();
    // The site says in the handler itself that a change of this editor is posted at once.
    if (this.immediate) {
      this.ValueChanged.AddHandler(() => {
        if (!this.valid) return;
        xaf.markImmediate();
        RaiseXafCallback(globalCallbackControl, "", "", "", false);
      });
    }
    this.input = this.part("_I");
    this.stateField = this.part("_State");
    this.valid = true;
    if (!this.input) return;
    this.value = this.input.value;
    if (this.input.readOnly) this.input.tabIndex = -1;
    if (this.input.tagName === "INPUT") {
      // No editor submits the form by itself.
      this.input.addEventListener("keydown", (event) => {
        if (event.key === "Enter") this.OnEnter(event);
      });
    }
    this.input.addEventListener("input", () => (this.dirty = true));
  }

  OnEnter(event) {
    event.preventDefault();
    if (this.dirty) this.OnTextChanged();
  }

  GetInputElement() {
    return this.input;
  }
  GetText() {
    return this.input.value;
  }
  SetText(text) {
    this.input.value = text;
    this.value = text;
    this.WriteState();
  }
  GetValue() {
    const text = this.GetText();
    return text === "" ? null : text;
  }
  SetValue(value) {
    this.SetText(value === null || value === undefined ? "" : String(value));
  }
  GetEnabled() {
    return this.enabled !== false;
  }
  GetIsValid() {
    return this.valid;
  }
  Focus() {
    this.input.focus();
  }
  SetFocus() {
    this.input.focus();
  }
  Clear() {
    this.SetValue(null);
    this.OnValueChanged();
  }
  OnButtonClick() {}

  RawValue() {
    return this.input.value;
  }
  WriteState() {
    if (!this.stateField) return;
    const state = ASPx.readState(this.stateField);
    state.rawValue = this.RawValue();
    if (this.valid) delete state.validationState;
    else state.validationState = `-${this.input.value}`;
    ASPx.writeState(this.stateField, state);
  }

  // The user has changed the text: take it, tell the world.
  OnTextChanged() {
    this.dirty = false;
    if (this.input.value === this.value) return;
    this.value = this.input.value;
    this.OnValueChanged();
  }
  OnValueChanged() {
    this.WriteState();
    if (/_xaf_dvi|_edit(new|\d+)_/.test(this.name)) xaf.dirty = true;
    this.ValueChanged.FireEvent(this, {});
  }
  RaiseValueChanged() {
    this.OnValueChanged();
  }
  BeforePost() {}
}

class ASPxClientTextBox extends ASPxClientEdit {
  OnEnter(event) {
    event.preventDefault();
    this.OnTextChanged();
    if (this.credential) Logon_PopupActions_Menu.DoItemClick("0");
  }
  // A value put there without any event is not the editor's value.
  BeforePost() {
    if (this.credential && !this.dirty) this.input.value = this.value;
  }
}

class ASPxClientMemo extends ASPxClientEdit {}

class ASPxClientDateEdit extends ASPxClientEdit {}

class ASPxClientButtonEdit extends ASPxClientEdit {
  Initialize() {
    super.Initialize();
    this.part("_B1").addEventListener("click", () => this.Search());
    this.part("_B-100").addEventListener("click", () => {
      this.SetText("");
      this.Search();
    });
    if (this.keyed) this.WatchKeys();
  }
  // A find window hears of its text by keys only: what is pasted is not searched for.
  WatchKeys() {
    this.input.addEventListener("keydown", (event) => {
      this.pressed = event.isTrusted && !event.ctrlKey && !event.metaKey;
    });
    this.input.addEventListener("input", () => {
      this.heard = this.pressed || !ASPx.rule("find_needs_real_keys");
      this.pressed = false;
    });
  }
  RawValue() {
    return this.keyed && !this.heard ? "" : this.input.value;
  }
  OnEnter(event) {
    event.preventDefault();
    this.Search();
  }
  Search() {
    this.value = this.input.value;
    this.WriteState();
    this.part("_B-100").classList.toggle("dxHideContent", !this.input.value);
    RaiseXafCallback(globalCallbackControl, this.searchAction[0], this.searchAction[1], "", false);
  }
}
