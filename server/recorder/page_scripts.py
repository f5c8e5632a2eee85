"""What the recorder's pages tell of themselves: gestures with the form before them, and handler maps."""

from server.erp import editor_fields

TOLD = "archibaldTold"  # the function by which a page tells its recorder

# Every menu of the page: its items in all levels, and the literal call of each (erp-wire §2.3).
_MENUS = """
  const menus = [];
  const collection = typeof ASPxClientControl === 'undefined' ? null : ASPxClientControl.GetControlCollection();
  collection?.ForEachControl((control) => {
    if (typeof control.GetItemCount !== 'function' || !/_Menu$/.test(control.name)) return;
    const items = [];
    const walk = (parent) => {
      for (let i = 0; i < parent.GetItemCount(); i++) {
        const item = parent.GetItem(i);
        items.push({path: String(item.indexPath), name: String(item.name ?? ''), enabled: item.GetEnabled(),
          leaf: item.GetItemCount() === 0, call: (control.cpClickHandlers ?? {})[item.indexPath] ?? ''});
        walk(item);
      }
    };
    walk(control);
    menus.push({name: control.name, items});
  });
"""

# Before the first gesture since the last request the form is read as that request will be compared with.
# Capturing: the site's own handlers run after it. What is known is told with every gesture, since a page
# that is being left for a held request answers no question (measured: not even the debugger's).
WATCH = f"""
(() => {{
  if (window.archibaldRecorder) return;
  const collect = {editor_fields.COLLECT};
  const state = {{document: String(Math.random()), first: null, before: null, gesture: null, stale: true}};
  const tell = () => {{
    {_MENUS}
    const {{document, first, before, gesture}} = state;
    return {{document, first, before, menus, newObject: /[?&]NewObject=true/i.test(location.search),
      gesture: gesture && {{...gesture, after: performance.now() - gesture.at}}}};
  }};
  window.archibaldRecorder = {{asked: () => {{ const told = tell(); state.stale = true; return told; }}}};
  const note = (event) => {{
    if (!event.isTrusted) return;
    if (state.stale) {{
      state.before = collect();
      state.first ??= state.before;
      state.stale = false;
    }}
    const element = event.target.closest ? event.target.closest('[id]') : null;
    state.gesture = {{element: element ? element.id : '', event: event.type, at: performance.now()}};
    window.{TOLD}?.(tell());
  }};
  for (const type of ['pointerdown', 'keydown', 'beforeinput']) document.addEventListener(type, note, true);
  const submit = HTMLFormElement.prototype.submit;
  HTMLFormElement.prototype.submit = function () {{
    state.stale = true;
    submit.call(this);
    // What was to be sent is taken by now. If it is kept back the page stays, and must not post it again.
    for (const name of ['__EVENTTARGET', '__EVENTARGUMENT']) if (this[name]) this[name].value = '';
  }};
}})();
"""

# Asked for while a request of the page's script is held: the gesture, the form before it, the menus.
STATE = "() => window.archibaldRecorder?.asked() ?? {}"

# Stage 0: all that a page tells in advance of what it will send. Names and switches, never values.
DUMP = f"""
() => {{
  {_MENUS}
  const grids = [], immediate = [], callbacks = [];
  const posts = (control) => (control.ValueChanged?.handlerInfoList ?? [])
    .some((info) => /XafCallback\\(\\s*globalCallbackControl,\\s*(['"])\\1\\s*,\\s*(['"])\\2/.test(String(info.handler)));
  const switches = (control) => Object.fromEntries(Object.keys(control)
    .filter((name) => /^(allow|callBacksEnabled|callbackOn)/.test(name))
    .map((name) => [name, control[name]]).filter(([, value]) => typeof value === 'boolean'));
  collection?.ForEachControl((control) => {{
    if (typeof control.GetColumnCount === 'function') {{
      const columns = [];
      for (let i = 0; i < control.GetColumnCount(); i++) {{
        const column = control.GetColumn(i);
        columns.push({{index: column.index, field: column.fieldName ?? '', place: column.visibleIndex}});
      }}
      grids.push({{name: control.name, columns, switches: switches(control),
        cp: Object.keys(control).filter((name) => /^cp[A-Z]/.test(name))}});
    }}
    if (posts(control)) immediate.push(control.name);
    if (typeof control.PerformCallback === 'function') callbacks.push(String(control.uniqueID ?? control.name));
  }});
  const resources = [...document.querySelectorAll('script[src], link[href]')]
    .map((element) => element.src || element.href).filter((url) => url.includes('DXR.axd'));
  return {{menus, grids, immediate, callbacks, resources, action: document.forms[0]?.action ?? ''}};
}}
"""
