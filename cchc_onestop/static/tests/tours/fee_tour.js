import {registry} from "@web/core/registry";

/** One payer, three dossiers, paid once: choose them, collect, look at the receipt. */
registry.category("web_tour.tours").add("cchc_cashier_collects", {
    steps: () => [
        {trigger: ".o_data_row:eq(2) td[name=applicant_name]:contains(Hoa)"},
        {trigger: "thead .o_list_record_selector input", run: "click"},
        {
            trigger: ".o_control_panel button[name=action_collect_fees]",
            run: "click",
        },
        {trigger: ".o_field_widget[name=payer_name] input:value(Nguyễn Thị Hoa)"},
        {trigger: ".o_field_widget[name=line_ids] .o_data_row:eq(2)"},
        {
            trigger:
                ".o_field_widget[name=amount_words]:contains(Hai mươi mốt nghìn đồng)",
        },
        {trigger: "button[name=action_pay]", run: "click"},
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current[data-value=paid]",
        },
        {trigger: "button[name=action_print_receipts]"},
        {trigger: "button[name=action_view_receipts]", run: "click"},
        {trigger: ".o_data_row td[name=number_text]:contains(00000001)", run: "click"},
        {trigger: ".o_field_widget[name=line_ids] .o_data_row:eq(2)"},
        {trigger: ".o_field_widget[name=total_words]:contains(Hai mươi mốt nghìn)"},
    ],
});

/** The cashier counts the till and closes the day. */
registry.category("web_tour.tours").add("cchc_cashier_closes", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=counted_cash] input",
            run: "edit 21000 && press Tab",
        },
        {trigger: "button[name=action_close]", run: "click"},
        {trigger: ".modal-footer .btn-primary", run: "click"},
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current[data-value=closed]",
        },
        {trigger: ".o_form_view .o_form_saved"},
    ],
});
