// ASP.NET's own script: what a body holds, callbacks, postbacks.

function WebForm_Fields(form) {
  const pairs = [];
  for (const element of form.elements) {
    if (!element.name || element.disabled || element.id === "__EVENTVALIDATION") continue;
    const type = element.type;
    if (type === "submit" || type === "button" || type === "image" || type === "file") continue;
    if ((type === "checkbox" || type === "radio") && !element.checked) continue;
    pairs.push([element.name, element.value]);
  }
  return pairs;
}

function WebForm_Body(form, target, argument) {
  const pairs = WebForm_Fields(form);
  pairs.push(["__CALLBACKID", target], ["__CALLBACKPARAM", argument]);
  pairs.push(["__EVENTVALIDATION", document.getElementById("__EVENTVALIDATION").value]);
  return pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
}

function WebForm_DoCallback(target, argument, succeed, fail) {
  const form = document.getElementById("form1");
  xaf.beforePost();
  const body = WebForm_Body(form, target, argument);
  const url = form.action.split("#")[0];
  setTimeout(() => {
    const request = new XMLHttpRequest();
    request.open("POST", url, true);
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    // A lost or unreadable answer runs neither handler: the control stays in its callback.
    request.onload = () => WebForm_Answer(request, succeed, fail);
    request.send(body);
  }, 0);
}

function WebForm_Answer(request, succeed, fail) {
  if (request.status !== 200) return;
  const text = request.responseText;
  if (text.startsWith("s")) return succeed(text.slice(1));
  if (text.startsWith("e")) return fail(text.slice(1));
  const bar = text.indexOf("|");
  const length = /^\d+$/.test(text.slice(0, bar)) ? Number(text.slice(0, bar)) : NaN;
  if (bar < 0 || Number.isNaN(length)) return;
  if (length) document.getElementById("__EVENTVALIDATION").value = text.substr(bar + 1, length);
  return succeed(text.slice(bar + 1 + length));
}

// `maybeDownload`: the answer may be a file, and the page stays.
function __doPostBack(target, argument, maybeDownload = false) {
  xaf.beforePost();
  document.getElementById("__EVENTTARGET").value = target;
  document.getElementById("__EVENTARGUMENT").value = argument;
  ASPx.controls.get("globalCallbackControl").leaving = !maybeDownload;
  HTMLFormElement.prototype.submit.call(document.getElementById("form1"));
  if (maybeDownload) for (const id of ["__EVENTTARGET", "__EVENTARGUMENT"]) document.getElementById(id).value = "";
}
