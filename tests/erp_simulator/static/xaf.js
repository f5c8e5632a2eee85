// XAF: actions, immediate posts, panels that an answer renders again.

const xaf = {
  mouseDown: false,
  deferred: [],
  panel: null,
  dirty: false, // whether the form was changed since it was loaded or saved

  start() {
    xaf.panel = ASPx.createControl(ASPxClientLoadingPanel, "Vertical_LPV", "Vertical$LPV", {});
    document.addEventListener("mousedown", xaf.onMouseDown, true);
    document.addEventListener("mouseup", xaf.onMouseUp, true);
    document.addEventListener("keydown", xaf.onKeyDown);
    window.addEventListener("scroll", xaf.onScroll);
    window.addEventListener("resize", () => typeof Vertical_mainMenu_Menu === "object" && Vertical_mainMenu_Menu.Fit());
    if (typeof Vertical_mainMenu_Menu === "object") Vertical_mainMenu_Menu.Fit();
    setInterval(() => fetch("/Archibald/DXX.axd?handlerName=SessionKeepAliveReconnect"), 300000);
    if (document.body.dataset.notifiesClose) window.addEventListener("pagehide", xaf.notifyClose);
    const toggle = document.getElementById("toggleNavigation");
    if (toggle) toggle.addEventListener("click", () => document.body.classList.toggle("collapsed"));
  },

  onMouseDown(event) {
    xaf.mouseDown = true;
    ASPxClientPopupControl.CloseOthers(event.target);
    for (const menu of ASPxClientControl.collection.GetControlsByType(ASPxClientMenu)) {
      if (!menu.element.contains(event.target)) menu.CloseDropDowns();
    }
  },
  // A post that a mouse press caused (it took the focus away) waits until the button is up.
  onMouseUp() {
    xaf.mouseDown = false;
    for (const post of xaf.deferred.splice(0)) post();
  },
  onKeyDown(event) {
    if (event.key !== "Escape") return;
    for (const menu of ASPxClientControl.collection.GetControlsByType(ASPxClientMenu)) menu.CloseDropDowns();
  },
  onScroll() {
    document.body.classList.toggle("scrolled", window.scrollY > 71);
    document.getElementById("Sc_xPos").value = String(Math.round(window.scrollX));
    document.getElementById("Sc_yPos").value = String(Math.round(window.scrollY));
  },

  notifyClose() {
    const form = document.getElementById("form1");
    const body = WebForm_Body(form, "NotifyWindowCloseControl", "c0:MainWindow");
    const headers = { "Content-Type": "application/x-www-form-urlencoded; charset=utf-8" };
    fetch(form.action, { method: "POST", body, headers, keepalive: true });
  },

  // A window over the whole page: every click lands on it until it is closed.
  showPopup(words) {
    const name = "Vertical_PopupWindow";
    const holder = document.getElementById("Vertical_UPPopupWindowControl");
    holder.innerHTML = `<div id="${name}_PW-1" class="dxpcLite_XafTheme infoPopup"><div class="dxpc-mainDiv"><div class="dxpc-header"><span id="${name}_HCB-1" class="dxpc-closeBtn">&times;</span></div><div class="dxpc-content"></div></div></div>`;
    holder.querySelector(".dxpc-content").textContent = words;
    const popup = ASPx.createControl(ASPxClientPopupControl, name, "Vertical$PopupWindow", { modal: true });
    popup.part("_HCB-1").addEventListener("click", () => popup.Hide());
  },

  // A question in a window of the page instead of a native dialog.
  ask(question, go, name = "Vertical_ConfirmPopup", words = document.body.dataset.confirmWords.split("|")) {
    const holder = document.getElementById("Vertical_UPPopupWindowControl");
    const [title, ok, cancel] = words;
    holder.innerHTML = `<div id="${name}_PW-1" class="dxpcLite_XafTheme infoPopup"><div class="dxpc-mainDiv"><div class="dxpc-header"></div><div class="dxpc-content"></div><div class="dxpc-footer"><a id="${name}_btnOk" class="dxbButton_XafTheme" href="javascript:;"></a> <a id="${name}_btnCancel" class="dxbButton_XafTheme" href="javascript:;"></a></div></div></div>`;
    holder.querySelector(".dxpc-header").textContent = title;
    holder.querySelector(".dxpc-content").textContent = question;
    const popup = ASPx.createControl(ASPxClientPopupControl, name, name.replace("_", "$"), { modal: true });
    const button = (part, words, act) => {
      popup.part(part).textContent = words;
      popup.part(part).addEventListener("click", () => {
        popup.Hide();
        if (act) act();
      });
    };
    button("_btnOk", ok, go);
    button("_btnCancel", cancel, null);
  },

  // Somebody else has changed what was to be saved.
  askToMerge(question) {
    const merge = () => RaiseXafCallback(globalCallbackControl, "Vertical$MergePopup", "0", "", false);
    xaf.ask(question.text, merge, "Vertical_MergePopup", [question.title, question.merge, question.cancel]);
  },

  beforePost() {
    for (const control of ASPx.controls.values()) if (control.BeforePost) control.BeforePost();
  },

  // Every immediate post looks the same, whatever changed.
  markImmediate() {
    const field = document.getElementById("ClientServerParams");
    const flag = "PostDataImmediately|4|5|1true";
    if (!field.value.includes(flag)) field.value = field.value.replace(/#$/, `${flag}#`);
  },
  postImmediately() {
    xaf.markImmediate();
    RaiseXafCallback(globalCallbackControl, "", "", "", false);
  },

  // What was begun by an answer goes on by itself: a post that nobody's gesture caused.
  postLate(milliseconds) {
    clearTimeout(xaf.lateTimer);
    xaf.lateTimer = ASPx.later(milliseconds, () => {
      const field = document.getElementById("ClientServerParams");
      field.value = field.value.replace(/#$/, "CheckVAT|4|5|1true#");
      xaf.postImmediately();
    });
  },

  update(cp) {
    const field = document.getElementById("ClientServerParams");
    field.value = field.value.replace("PostDataImmediately|4|5|1true", "").replace("CheckVAT|4|5|1true", "");
    if (cp.cpSaved) xaf.dirty = false;
    if (cp.cpQuestion) xaf.askToMerge(cp.cpQuestion);
    if (cp.cpFound) parent.Vertical_PopupWindowCallback.Found(cp.cpFound);
    const panels = (cp.cpControlsToUpdate || "").split(";").filter(Boolean);
    ASPx.setHtml(...panels.map((id) => [document.getElementById(id), cp[`cp${id}`]]));
    for (const grid of ASPx.controls.values()) if (grid.kind === "list") grid.OnSelection(false);
    if (cp.cpBlur) document.activeElement.blur();
    if (cp.cpPageTitle) document.title = cp.cpPageTitle;
    if (cp.cpCurrentUrl) history.replaceState(null, "", cp.cpCurrentUrl);
  },
};

// Fast actions keep XAF from making the page's controls again; here they are never made twice.
function LockCreateControlsOnCallback() {}

function RaiseXafCallback(control, handlerId, argument, confirmation, usePostBack) {
  if (confirmation && confirmation === document.body.dataset.popupConfirms) {
    xaf.ask(confirmation, () => RaiseXafCallback(control, handlerId, argument, "", usePostBack));
    return;
  }
  if (confirmation && !window.confirm(confirmation)) return;
  const parameter = `${handlerId}:${argument}${document.body.dataset.suffix}`;
  const post = () => {
    if (usePostBack || document.body.dataset.postback === "full") __doPostBack(control.uniqueID, parameter, usePostBack);
    else control.PerformCallback(parameter);
  };
  if (xaf.mouseDown) xaf.deferred.push(post);
  else post();
}
