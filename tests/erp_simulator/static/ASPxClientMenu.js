// Toolbars: items, drop-downs, what a click sends, what hides when there is no room.

class ASPxClientMenuItem {
  constructor(menu, definition, index, parentPath) {
    this.menu = menu;
    this.name = definition.name;
    this.text = definition.text;
    this.enabled = definition.enabled;
    this.never = definition.never; // whatever is selected
    this.index = index;
    this.indexPath = parentPath === "" ? String(index) : `${parentPath}i${index}`;
    this.items = definition.items.map((below, number) => new ASPxClientMenuItem(menu, below, number, this.indexPath));
  }
  get element() {
    return document.getElementById(`${this.menu.name}_DXI${this.indexPath}_`);
  }
  GetText() {
    return this.text;
  }
  GetEnabled() {
    return this.enabled;
  }
  GetVisible() {
    return this.element !== null && this.element.style.display !== "none";
  }
  GetItemCount() {
    return this.items.length;
  }
  GetItem(index) {
    return this.items[index] || null;
  }
  SetEnabled(enabled) {
    this.enabled = enabled;
    for (const part of [this.element, this.element && this.element.querySelector("a")]) {
      if (part) part.classList.toggle("dxm-disabled", !enabled);
    }
  }
}

class ASPxClientMenu extends ASPxClientControl {
  Initialize() {
    this.items = this.items.map((definition, index) => new ASPxClientMenuItem(this, definition, index, ""));
    this.element.addEventListener("click", (event) => this.OnClick(event));
    this.Fit();
  }

  GetItemCount() {
    return this.items.length;
  }
  GetItem(index) {
    return this.items[index] || null;
  }
  GetItemByIndexPath(path) {
    return path.split("i").reduce((found, index) => found && found.items[Number(index)], this) || null;
  }
  GetItemByName(name) {
    const search = (items) => {
      for (const item of items) {
        const found = item.name === name ? item : search(item.items);
        if (found) return found;
      }
      return null;
    };
    return search(this.items);
  }

  OnClick(event) {
    const arrow = event.target.closest(".dxm-popOut");
    if (arrow) {
      this.Toggle(/_DXI(\d+)_P$/.exec(arrow.id)[1]);
      return;
    }
    const anchor = event.target.closest("a.dxm-content");
    if (!anchor) return;
    const path = /_DXI([0-9i]+)_T$/.exec(anchor.id)[1];
    const item = this.GetItemByIndexPath(path);
    if (item && item.name === "adaptive") this.ToggleHidden();
    else this.DoItemClick(path);
  }

  DoItemClick(path) {
    const item = this.GetItemByIndexPath(path);
    const call = this.cpClickHandlers[path];
    if (!item || !item.enabled || !call) return;
    this.CloseDropDowns();
    if (xaf.dirty && document.body.dataset.unsaved.split(" ").includes(item.name)) {
      if (!window.confirm(document.body.dataset.unsavedQuestion)) return;
    }
    new Function(call)();
  }

  popup(path) {
    return document.getElementById(`${this.name}_DXM${path}_`);
  }
  Toggle(path) {
    const popup = this.popup(path);
    const open = popup.style.display !== "none";
    this.CloseDropDowns();
    if (!open) this.Open(popup, document.getElementById(`${this.name}_DXI${path}_`));
  }
  Open(popup, below) {
    popup.style.display = "";
    const box = below.getBoundingClientRect();
    popup.style.left = `${Math.min(box.left, window.innerWidth - popup.offsetWidth - 4)}px`;
    popup.style.top = `${box.bottom}px`;
  }
  CloseDropDowns() {
    for (const popup of this.element.querySelectorAll(".dxm-popup")) popup.style.display = "none";
  }

  // Items that do not fit go, in the toolbar's own order, into the list behind `…`.
  Fit() {
    const more = this.GetItemByName("adaptive");
    if (!more) return;
    const list = this.element.querySelector("ul");
    const room = () => this.element.parentElement.parentElement;
    const home = this.popup("adaptive").querySelector("ul");
    const separators = (item) => [item.element, item.element.previousElementSibling];
    for (const item of this.items) {
      if (item === more) continue;
      if (item.element.parentElement !== list) list.insertBefore(item.element, item.marker || null);
      for (const part of separators(item)) if (part && part.tagName === "LI") part.style.display = "";
    }
    more.element.style.display = "none";
    for (const index of this.adaptiveModeData) {
      if (room().scrollWidth <= room().clientWidth) break;
      more.element.style.display = "";
      const item = this.items[index];
      const [part, before] = separators(item);
      if (before && /_I[SI]$/.test(before.id)) before.style.display = "none";
      item.marker = part.nextElementSibling;
      home.appendChild(part);
    }
  }
  ToggleHidden() {
    const popup = this.popup("adaptive");
    if (popup.style.display !== "none") popup.style.display = "none";
    else this.Open(popup, this.GetItemByName("adaptive").element);
  }
}
