"""What gives an input the focus, and what may stand in its way: scripts for looks and waits."""

# Seconds after which an element that cannot be clicked is taken to be covered, or a focus lost.
COVERED = 2.0
TAKE = """
(id) => {
  const input = document.getElementById(id);
  if (!shown(input) || input.disabled) return false;
  input.focus();
  return document.activeElement === input && (input.select(), true);
}
"""
# The same of the one input that shows and whose id fits the pattern; its id.
TAKE_ONE = f"""
(pattern) => {{
  const found = inputs(pattern).filter(shown);
  return found.length === 1 && ({TAKE})(found[0].id) ? found[0].id : null;
}}
"""
HELD = "(id) => document.activeElement?.id === id && (document.activeElement.select(), true)"
# Windows of the site's own accord; drop-downs of editors have other names.
PUT_NOTICES_AWAY = """
() => controls('PopupWindow')
  .filter((popup) => typeof popup.Hide === 'function' && popup.IsVisible?.())
  .map((popup) => popup.Hide()).length
"""
