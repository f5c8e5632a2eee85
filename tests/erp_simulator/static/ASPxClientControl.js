// The base of all controls: names, callbacks with slots, events, the registry.

class ASPxClientEvent {
  constructor() {
    this.handlerInfoList = [];
  }
  AddHandler(handler) {
    this.handlerInfoList.push({ handler });
  }
  RemoveHandler(handler) {
    this.handlerInfoList = this.handlerInfoList.filter((info) => info.handler !== handler);
  }
  FireEvent(sender, argument) {
    for (const info of this.handlerInfoList) info.handler(sender, argument);
  }
}

class ASPxClientControl {
  constructor(name, uniqueID, properties) {
    this.name = name;
    this.uniqueID = uniqueID;
    this.slots = [];
    this.BeginCallback = new ASPxClientEvent();
    this.EndCallback = new ASPxClientEvent();
    Object.assign(this, properties);
    this.element = document.getElementById(name);
  }

  Initialize() {}

  static GetControlCollection() {
    return ASPxClientControl.collection;
  }

  GetName() {
    return this.name;
  }
  GetMainElement() {
    return this.element;
  }
  part(suffix) {
    return document.getElementById(this.name + suffix);
  }
  InCallback() {
    return this.slots.some(Boolean);
  }

  // Sends `c<slot>:<argument>`; the slot is the first free one of this control.
  CreateCallback(argument) {
    let slot = this.slots.findIndex((busy) => !busy);
    if (slot < 0) slot = this.slots.length;
    this.slots[slot] = true;
    this.ShowLoadingPanel();
    this.BeginCallback.FireEvent(this, {});
    const answered = (text) => {
      const now = ASPx.controls.get(this.name) || this;
      this.slots[slot] = false;
      now.HideLoadingPanel();
      now.OnAnswer(text);
    };
    const failed = (message) => {
      this.slots[slot] = false;
      this.HideLoadingPanel();
      alert(message);
    };
    WebForm_DoCallback(this.uniqueID, `c${slot}:${argument}`, answered, failed);
  }

  OnAnswer(text) {
    if (!text.startsWith("/*DX*/(")) {
      alert("Callback error");
      return;
    }
    const answer = (0, eval)(text.slice(6));
    const cp = answer.cp || {};
    if (cp.cpPopup) xaf.showPopup(cp.cpPopup);
    for (const end = Date.now() + (cp.cpBlock || 0); Date.now() < end; );
    if (answer.redirect) {
      this.leaving = true;
      window.location.href = answer.redirect;
    } else if (answer.generalError) {
      alert(answer.generalError);
    } else if (answer.error) {
      this.OnCallbackError(answer.error.message);
    } else {
      this.OnCallback(answer.result, cp);
      this.EndCallback.FireEvent(this, {});
    }
  }

  OnCallback() {}
  OnCallbackError(message) {
    alert(message);
  }
  ShowLoadingPanel() {}
  HideLoadingPanel() {}
}

ASPxClientControl.collection = {
  ForEachControl(action) {
    for (const control of [...ASPx.controls.values()]) if (action(control) === true) return;
  },
  GetByName(name) {
    return ASPx.controls.get(name) || null;
  },
  Get(name) {
    return ASPx.controls.get(name) || null;
  },
  GetControls() {
    return [...ASPx.controls.values()];
  },
  GetControlsByType(type) {
    return [...ASPx.controls.values()].filter((control) => control instanceof type);
  },
  GetControlsByPredicate(predicate) {
    return [...ASPx.controls.values()].filter((control) => predicate(control));
  },
};

// XAF's one callback control for all actions and immediate posts.
class ASPxClientCallback extends ASPxClientControl {
  PerformCallback(argument) {
    this.CreateCallback(argument);
  }
  ShowLoadingPanel() {
    xaf.panel.Show();
  }
  HideLoadingPanel() {
    if (!this.InCallback()) xaf.panel.Hide();
  }
  OnCallback(result, cp) {
    xaf.update(cp);
  }
}
