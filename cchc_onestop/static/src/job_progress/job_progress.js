import {Component, onWillUnmount, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

const PROGRESS = "cchc_job/progress";

/** Shows how far a background job is, as the server tells it. */
export class JobProgress extends Component {
    static template = "cchc_onestop.JobProgress";
    static props = {...standardWidgetProps};

    setup() {
        const {done, total} = this.props.record.data;
        this.bus = useService("bus_service");
        this.state = useState({done, total});
        this.onProgress = (payload) => {
            if (payload.job !== this.props.record.resId) {
                return;
            }
            Object.assign(this.state, payload);
            if (payload.state) {
                this.props.record.load();
            }
        };
        this.bus.subscribe(PROGRESS, this.onProgress);
        this.bus.start();
        onWillUnmount(() => this.bus.unsubscribe(PROGRESS, this.onProgress));
    }

    get isRunning() {
        return ["queued", "running"].includes(this.props.record.data.state);
    }

    get percent() {
        return this.state.total
            ? Math.round((100 * this.state.done) / this.state.total)
            : 0;
    }

    get label() {
        return this.state.total
            ? _t(
                  "%s of %s rows",
                  formatInteger(this.state.done),
                  formatInteger(this.state.total)
              )
            : _t("Waiting for its turn; you may leave this page.");
    }
}

registry.category("view_widgets").add("cchc_job_progress", {component: JobProgress});
