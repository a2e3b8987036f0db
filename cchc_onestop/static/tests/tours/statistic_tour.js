import {registry} from "@web/core/registry";

const total = '.cchc_statistic_table tr[data-row="0"]';

/** The quarter's report: counted, looked into, closed, looked into again. */
registry.category("web_tour.tours").add("cchc_quarter_report", {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        {trigger: ".o_form_view button[name=action_compute]", run: "click"},
        {trigger: ".cchc_statistic_checks.alert-success"},
        {trigger: `${total} button[data-column=c10]`, run: "click"},
        {trigger: ".o_list_view .o_data_row"},
        {trigger: ".o_back_button", run: "click"},
        {trigger: `${total} button[data-column=c3]`},
        {trigger: "button[name=action_close]", run: "click"},
        {trigger: ".modal footer .btn-primary", run: "click"},
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current[data-value=closed]",
        },
        {trigger: "body:not(:has(.modal)) button[name=action_verify]", run: "click"},
        {trigger: ".o_notification_bar.bg-success"},
        {trigger: `${total} button[data-column=c7]`, run: "click"},
        {trigger: ".o_list_view .o_data_row"},
    ],
});

/** A leader's dashboard: a tile opens its dossiers, a period is chosen. */
registry.category("web_tour.tours").add("cchc_dashboard", {
    steps: () => [
        {trigger: ".cchc_dashboard .cchc_tile[data-tile=received]"},
        {trigger: ".cchc_dashboard canvas"},
        {trigger: ".cchc_dashboard select[name=period]", run: "selectByIndex 3"},
        {trigger: ".cchc_tile[data-tile=settled]", run: "click"},
        {trigger: ".o_list_view .o_data_row"},
    ],
});
