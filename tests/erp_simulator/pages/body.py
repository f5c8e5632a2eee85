"""What a page tells its scripts: switches and words, as data of the body."""

from tests.erp_simulator.languages import text
from tests.erp_simulator.switches import Switches


def body_data(switches: Switches, language: str, *, inside: bool) -> dict[str, str]:
    """The attributes by name, without their prefix `data-`; `inside` is any page but the login."""

    def t(key: str) -> str:
        return text(key, language)

    return {
        "time-scale": str(switches.scale),
        "editing-lag": str(switches.editing_lag_ms),
        "rules": switches.input_rules,
        "popup-confirms": t("send_confirm") if switches.send_confirm == "popup" else "",
        "confirm-words": "|".join((t("confirm"), t("ok"), t("Cancel"))),
        "delete-confirm": t("delete_confirm"),
        "unsaved": "New Edit SwitchToEditMode Refresh" if switches.confirm_unsaved else "",
        "unsaved-question": t("unsaved_confirm"),
        "selection-notifies": "1" if switches.selection_notifies else "",
        "notifies-close": "1" if inside and switches.notifies_window_close else "",
        "postback": "full" if inside and switches.postback == "full" else "",
        "suffix": ":XafCallback" if switches.callback_suffix else "",
        "apply-choice": "1" if switches.lookup_choice_sends_apply else "0",
    }
