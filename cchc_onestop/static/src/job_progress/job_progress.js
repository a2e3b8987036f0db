import {Component, onWillUnmount, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

const PROGRESS = "cchc_job/progress";

/**
 * Shows how far a background job is, as the server tells it: on the page of the job, or
 * on that of a record with `job_id`, `job_state`, `job_done` and `job_total`.
 */
export class JobProgress extends Component {
    static template = "cchc_onestop.JobProgress";
    static props = {...standardWidgetProps};

    setup() {
        const data = this.props.record.data;
        const done = this.isOwn ? data.done : data.job_done;
        const total = this.isOwn ? data.total : data.job_total;
        this.bus = useService("bus_service");
        this.state = useState({done, total});
        this.onProgress = (payload) => {
            if (payload.job !== this.jobId) {
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

    get isOwn() {
        return this.props.record.resModel === "cchc.job";
    }

    get jobId() {
        const {record} = this.props;
        return this.isOwn ? record.resId : record.data.job_id?.id;
    }

    get isRunning() {
        const data = this.props.record.data;
        const state = this.isOwn ? data.state : data.job_state;
        return ["queued", "running"].includes(state);
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
