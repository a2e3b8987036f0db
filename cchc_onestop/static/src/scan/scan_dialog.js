import {Component, useRef, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {isBarcodeScannerSupported} from "@web/core/barcode/barcode_video_scanner";
import {scanBarcode} from "@web/core/barcode/barcode_dialog";
import {useAutofocus, useService} from "@web/core/utils/hooks";

/** Asks for the code of a dossier: typed, scanned, or read by the camera. */
export class ScanDialog extends Component {
    static template = "cchc_onestop.ScanDialog";
    static components = {Dialog};
    static props = {close: Function};

    setup() {
        this.scan = useService("cchc_scan");
        this.input = useRef("code");
        useAutofocus({refName: "code"});
        this.state = useState({problem: "", busy: false});
        this.hasCamera = isBarcodeScannerSupported();
        this.title = _t("Open a Dossier by Its Code");
    }

    async open(text) {
        if (!text.trim() || this.state.busy) {
            return;
        }
        this.state.busy = true;
        this.state.problem = "";
        try {
            this.state.problem = await this.scan.open(text, this.props.close);
        } finally {
            this.state.busy = false;
        }
        this.input.el?.select();
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.open(this.input.el.value);
        }
    }

    async openCamera() {
        let code = "";
        try {
            code = await scanBarcode(this.env);
        } catch (error) {
            this.state.problem = error.message;
            return;
        }
        await this.open(code);
    }
}
