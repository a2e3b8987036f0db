import {Component, onWillUnmount, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

const PROGRESS = "cchc_procedure_import/progress";

/** Shows how far a running import of procedures is, as the server tells it. */
export class ImportProgress extends Component {
    static template = "cchc_onestop.ImportProgress";
    static props = {...standardWidgetProps};

    setup() {
        this.bus = useService("bus_service");
        this.state = useState({done: 0, total: 0, phase: ""});
        this.onProgress = (payload) => {
            if (payload.wizard === this.props.record.resId) {
                Object.assign(this.state, payload);
            }
        };
        this.bus.subscribe(PROGRESS, this.onProgress);
        this.bus.start();
        onWillUnmount(() => this.bus.unsubscribe(PROGRESS, this.onProgress));
    }

    get isRunning() {
        return this.state.total > 0 && this.state.done < this.state.total;
    }

    get percent() {
        return Math.round((100 * this.state.done) / this.state.total);
    }

    get label() {
        const values = [this.state.done, this.state.total];
        return this.state.phase === "read"
            ? _t("Compared: %s of %s procedures", ...values)
            : _t("Imported: %s of %s procedures", ...values);
    }
}

registry.category("view_widgets").add("cchc_import_progress", {
    component: ImportProgress,
});
