import {Component} from "@odoo/owl";
import {ScanDialog} from "./scan_dialog";
import {registry} from "@web/core/registry";
import {session} from "@web/session";
import {useService} from "@web/core/utils/hooks";

/** Button of the navigation bar that opens a dossier by its code. */
export class ScanSystray extends Component {
    static template = "cchc_onestop.ScanSystray";
    static props = {};

    setup() {
        this.dialog = useService("dialog");
    }

    open() {
        this.dialog.add(ScanDialog);
    }
}

registry.category("systray").add(
    "cchc_onestop.scan",
    {
        Component: ScanSystray,
        isDisplayed: () => Boolean(session.cchc_scan),
    },
    {sequence: 30}
);
