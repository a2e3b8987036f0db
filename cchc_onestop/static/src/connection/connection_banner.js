import {Component, onWillUnmount, useState} from "@odoo/owl";
import {ConnectionLostError, rpc, rpcBus} from "@web/core/network/rpc";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {useBus} from "@web/core/utils/hooks";

/** Time between two looks whether the server answers again, in ms. */
const AGAIN = 4000;

/** Says across the page that the line is broken, until the server answers again. */
export class ConnectionBanner extends Component {
    static template = "cchc_onestop.ConnectionBanner";
    static props = {};

    setup() {
        this.state = useState({lost: false});
        this.timer = null;
        useBus(rpcBus, "RPC:RESPONSE", ({detail}) => {
            if (detail.error instanceof ConnectionLostError) {
                this.lose();
            } else {
                this.regain();
            }
        });
        const offline = () => this.lose();
        const online = () => this.look();
        browser.addEventListener("offline", offline);
        browser.addEventListener("online", online);
        onWillUnmount(() => {
            browser.removeEventListener("offline", offline);
            browser.removeEventListener("online", online);
            browser.clearTimeout(this.timer);
        });
    }

    lose() {
        this.state.lost = true;
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.look(), AGAIN);
    }

    regain() {
        browser.clearTimeout(this.timer);
        this.state.lost = false;
    }

    /** The answer, or its failure, comes back through the bus. */
    look() {
        rpc("/web/webclient/version_info", {}, {silent: true}).catch((error) => {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        });
    }
}

registry
    .category("main_components")
    .add("cchc_onestop.ConnectionBanner", {Component: ConnectionBanner});
