// Tabs; switching happens in the browser.

class ASPxClientPageControl extends ASPxClientControl {
  Initialize() {
    this.ActiveTabChanged = new ASPxClientEvent();
    for (let index = 0; index < this.count; index++) {
      this.part(`_T${index}T`).addEventListener("click", () => this.SetActiveTabIndex(index));
    }
  }
  GetActiveTabIndex() {
    return this.active;
  }
  GetTabCount() {
    return this.count;
  }
  SetActiveTabIndex(wanted) {
    this.active = wanted;
    if (ASPx.rule("tabs_lose_combos")) {
      for (const combo of ASPxClientControl.collection.GetControlsByType(ASPxClientComboBox)) combo.Restore();
    }
    for (let index = 0; index < this.count; index++) {
      const on = index === wanted;
      this.part(`_T${index}`).style.display = on ? "none" : "";
      this.part(`_AT${index}`).style.display = on ? "" : "none";
      this.part(`_AT${index}`).classList.toggle("dxtc-psi", on);
      this.part(`_C${index}`).style.display = on ? "" : "none";
    }
    ASPx.writeState(this.part("_State"), { activeTabIndex: wanted });
    this.ActiveTabChanged.FireEvent(this, {});
  }
}
