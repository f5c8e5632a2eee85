// The global ASPx: the functions that inline markup calls, and how controls come to be.

const ASPx = {
  controls: new Map(),

  createControl(type, name, uniqueID, properties) {
    const control = new type(name, uniqueID, properties);
    // Rendered again while its callback runs, a control is as busy as the one it replaces.
    const replaced = ASPx.controls.get(name);
    if (replaced) control.slots = replaced.slots;
    ASPx.controls.set(name, control);
    window[name] = control;
    control.Initialize();
    return control;
  },

  // Controls whose element a callback has replaced or removed leave the registry.
  forgetRemoved() {
    for (const [name, control] of ASPx.controls) {
      if (control.element && !control.element.isConnected) {
        ASPx.controls.delete(name);
        if (window[name] === control) delete window[name];
      }
    }
  },

  GetControlCollection() {
    return ASPxClientControl.GetControlCollection();
  },

  // Whether an input rule is in force.
  rule(name) {
    return document.body.dataset.rules.split(" ").includes(name);
  },

  get scale() {
    return Number(document.body.dataset.timeScale);
  },

  later(milliseconds, action) {
    return setTimeout(action, milliseconds * ASPx.scale);
  },

  // Gives elements their new markup, in order. The focus comes back when all are there: taking it
  // lays the page out, which is better done once.
  setHtml(...pairs) {
    const focused = document.activeElement && document.activeElement.id;
    for (const [element, html] of pairs) {
      element.innerHTML = html;
      for (const script of element.querySelectorAll("script")) (0, eval)(script.textContent);
    }
    ASPx.forgetRemoved();
    if (focused && document.activeElement && document.activeElement.id !== focused) {
      const again = document.getElementById(focused);
      if (again) {
        again.focus();
        if (again.select) again.select();
      }
    }
  },

  // A state field holds JSON, HTML-escaped once.
  escape(text) {
    return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
  },

  unescape(text) {
    return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#x27;/g, "'").replace(/&amp;/g, "&");
  },

  readState(field) {
    return JSON.parse(ASPx.unescape(field.value));
  },

  writeState(field, state) {
    field.value = ASPx.escape(JSON.stringify(state));
  },

  EValueChanged(name) {
    if (name.endsWith("_DXSE")) {
      ASPx.controls.get(name.slice(0, -5)).ApplySearch();
      return;
    }
    const control = ASPx.controls.get(name);
    if (control) control.OnTextChanged();
  },

  ETextChanged(name) {
    ASPx.EValueChanged(name);
  },

  BEClick(name, number) {
    const control = ASPx.controls.get(name);
    if (control) control.OnButtonClick(number);
  },

  BEClear(name) {
    const control = ASPx.controls.get(name);
    if (control) control.Clear();
  },

  DDMC_MD() {},
  GVContextMenu() {},

  POnPageSizeBlur(pager) {
    const grid = ASPx.controls.get(pager.replace(/_DXPagerBottom$/, ""));
    const size = document.getElementById(`${pager}_PSI`).value.trim();
    if (/^\d+$/.test(size) && Number(size) !== grid.pageSize) grid.SendCommand("PAGERONCLICK", `PSP${size}`);
  },
};
