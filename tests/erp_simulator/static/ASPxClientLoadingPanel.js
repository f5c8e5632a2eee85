// The panel that is visible while a callback runs.

class ASPxClientLoadingPanel extends ASPxClientControl {
  Show() {
    const panel = document.getElementById(this.name);
    if (panel) panel.style.display = "";
  }
  Hide() {
    const panel = document.getElementById(this.name);
    if (panel) panel.style.display = "none";
  }
  SetText(text) {
    document.getElementById(this.name).firstElementChild.textContent = text;
  }
}
