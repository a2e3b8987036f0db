import {Component, onMounted, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {ConnectionLostError} from "@web/core/network/rpc";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/** Time between two looks at the line, in ms. */
const EVERY = 4000;
const REMEMBERED = "cchc_queue_counter";

/** The panel an officer keeps open: call the next number, serve it, pass it on. */
export class DeskPanel extends Component {
    static template = "cchc_onestop_queue.DeskPanel";
    static components = {Layout, Dropdown, DropdownItem};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.display = {controlPanel: {}};
        this.state = useState({
            counter: this.firstCounter(),
            data: null,
            busy: false,
            lost: false,
            priority: 0,
        });
        onWillStart(() => this.load());
        onMounted(() => this.plan());
        onWillUnmount(() => browser.clearTimeout(this.timer));
    }

    /** The counter asked for, else the one chosen here today, else by the roster. */
    firstCounter() {
        const asked = this.props.action.params?.counter_id;
        if (asked) {
            return asked;
        }
        const [day, counter] = (browser.sessionStorage.getItem(REMEMBERED) || "").split(
            " "
        );
        return day === new Date().toDateString().replaceAll(" ", "-")
            ? Number(counter)
            : false;
    }

    plan() {
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(async () => {
            if (document.visibilityState === "visible" && !this.state.busy) {
                await this.refresh();
            }
            this.plan();
        }, EVERY);
    }

    async load() {
        this.state.data = await this.orm.silent.call("cchc.counter", "get_panel", [], {
            counter_id: this.state.counter,
        });
        this.state.counter = this.state.data.counter?.id || false;
    }

    /** Look again; while the line is down it says so and tries on. */
    async refresh() {
        try {
            await this.load();
            this.state.lost = false;
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.state.lost = true;
        }
    }

    async choose(id) {
        this.state.counter = id;
        const day = new Date().toDateString().replaceAll(" ", "-");
        browser.sessionStorage.setItem(REMEMBERED, `${day} ${id}`);
        await this.load();
    }

    get counter() {
        return this.state.data.counter;
    }

    get current() {
        return this.counter && this.counter.current;
    }

    get others() {
        return this.state.data.counters.filter(({id}) => id !== this.counter.id);
    }

    /** Do one thing at a time, then look again. */
    async act(work) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            return await work();
        } finally {
            this.state.busy = false;
            await this.refresh();
        }
    }

    callNext() {
        return this.act(async () => {
            const id = await this.orm.call("cchc.counter", "action_call_next", [
                [this.counter.id],
            ]);
            if (!id) {
                this.notification.add(_t("Nobody is waiting."), {type: "info"});
            }
        });
    }

    ticket(method, id = this.current.id, args = []) {
        return this.act(() =>
            this.orm.call("cchc.queue.ticket", method, [[id], ...args])
        );
    }

    callThis(id) {
        return this.ticket("action_call", id, [this.counter.id]);
    }

    pass(counterId) {
        return this.ticket("action_pass", this.current.id, [counterId]);
    }

    async receive() {
        const action = await this.ticket("action_receive");
        if (action) {
            await this.action.doAction(action);
        }
    }

    openTicket(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "cchc.queue.ticket",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openDossier(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "cchc.dossier",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    /** Give a number at the desk; a double click gives one. */
    give(service) {
        return this.act(async () => {
            const key = Array.from(
                window.crypto.getRandomValues(new Uint8Array(16)),
                (byte) => byte.toString(16).padStart(2, "0")
            ).join("");
            const ticket = await this.orm.call(
                "cchc.queue.ticket",
                "take_at_desk",
                [],
                {
                    service_id: service.id,
                    priority_id: this.state.priority || false,
                    request_key: key,
                }
            );
            this.state.priority = 0;
            this.notification.add(_t("Number %s", ticket.name), {
                type: "success",
                buttons: [
                    {
                        name: _t("Print"),
                        primary: true,
                        onClick: () =>
                            browser.open(`${ticket.url}?in=1`, "_blank", "noopener"),
                    },
                ],
            });
        });
    }
}

registry.category("actions").add("cchc_queue_panel", DeskPanel);
