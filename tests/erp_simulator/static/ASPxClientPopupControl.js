// Windows that open below an editor.

class ASPxClientPopupControl extends ASPxClientControl {
  Initialize() {
    this.element = document.getElementById(`${this.name}_PW-1`);
  }
  GetWindowElement() {
    return this.element;
  }
  IsVisible() {
    return this.element.style.display !== "none";
  }
  Show() {
    for (const other of ASPxClientControl.collection.GetControlsByType(ASPxClientPopupControl)) {
      if (other !== this && !other.modal && other.IsVisible()) other.Hide();
    }
    this.element.style.display = "";
    this.Place();
  }
  Hide() {
    this.element.style.display = "none";
  }
  // Below the editor where there is room, else above it, else as low as the window allows.
  Place() {
    if (this.modal) return;
    const anchor = this.anchor.getBoundingClientRect();
    const box = this.element.getBoundingClientRect();
    const lowest = window.innerHeight - box.height;
    const above = anchor.top - box.height;
    const below = anchor.bottom <= lowest || above < 0;
    const top = Math.max(0, below ? Math.min(anchor.bottom, lowest) : above);
    const left = Math.max(0, Math.min(anchor.left, window.innerWidth - box.width));
    this.element.style.top = `${top}px`;
    this.element.style.left = `${left}px`;
  }
  Contains(node) {
    return this.element.contains(node);
  }

  static CloseOthers(target) {
    for (const popup of ASPxClientControl.collection.GetControlsByType(ASPxClientPopupControl)) {
      if (!popup.modal && popup.IsVisible() && !popup.Contains(target) && !popup.anchor.contains(target)) popup.Hide();
    }
  }
}
