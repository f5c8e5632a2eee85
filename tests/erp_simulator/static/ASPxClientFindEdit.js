// References chosen in a find window: a page of its own in an iframe over this one.

class ASPxClientFindEdit extends ASPxClientEdit {
  Initialize() {
    super.Initialize();
    this.holder = document.getElementById(this.hidden);
  }
  GetValue() {
    return this.holder.value === this.none ? null : this.holder.value;
  }
  GetText() {
    return this.input.classList.contains("dxeNullText_XafTheme") ? "" : this.input.value;
  }
  RawValue() {
    return this.GetText();
  }
  OnTextChanged() {}
  OnButtonClick(number) {
    if (!this.enabled) return;
    if (number === 1) this.Take(this.none, "");
    else Vertical_PopupWindowCallback.CreateCallback(`FindPopup:${this.finder}`);
  }
  Take(value, text) {
    const changed = this.holder.value !== value;
    this.holder.value = value;
    this.input.value = text || this.nullText;
    this.input.classList.toggle("dxeNullText_XafTheme", !text);
    if (changed) this.OnValueChanged();
  }
}

// The window's own control: it asks for a window, and shows what it is told to.
class ASPxClientPopupCallback extends ASPxClientControl {
  ShowLoadingPanel() {
    xaf.panel.Show();
  }
  HideLoadingPanel() {
    xaf.panel.Hide();
  }
  OnCallback(result, cp) {
    if (cp.cpFind) this.Open(cp.cpFind);
  }

  Open(number) {
    const name = "Vertical_PopupWindow_Find";
    const holder = document.getElementById("Vertical_PopupWindows");
    holder.innerHTML = `<div id="${name}_PW-1" class="dxpcLite_XafTheme findPopup"><div class="dxpc-mainDiv"><div class="dxpc-header"><span id="${name}_HCB-1" class="dxpc-closeBtn">&times;</span></div><iframe id="${name}_CIF-1" class="dxpc-iFrame"></iframe></div></div>`;
    document.getElementById(`${name}_CIF-1`).src = `/Archibald/Default.aspx?FindPopup=true&ActionID=${number}`;
    document.getElementById(`${name}_HCB-1`).addEventListener("click", () => this.Close());
  }
  Close() {
    document.getElementById("Vertical_PopupWindows").replaceChildren();
  }

  // Called from inside the iframe, which is gone before its own script goes on.
  Found(found) {
    setTimeout(() => {
      this.Close();
      if (!found.finder) return;
      // The form may have been rendered again meanwhile, under other random numbers.
      const lasting = (name) => name.replace(/v\d+_\d+/g, "");
      for (const editor of [...ASPx.controls.values()]) {
        if (editor.finder && lasting(editor.finder) === lasting(found.finder)) editor.Take(found.value, found.text);
      }
    }, 0);
  }
}
