import {registry} from "@web/core/registry";

/** Steps that a person performs; the others only look. */
const inputs = (steps) => steps.filter((step) => step.run);

/**
 * A known citizen's dossier: find the procedure (2), give the number (1), tick the
 * parts (1), accept (1). Five inputs; the office asks for at most twelve.
 */
const receive = [
    {trigger: ".o_field_widget[name=procedure_id] input", run: "edit thu nghiem xac"},
    {
        trigger: ".o-autocomplete--dropdown-item:contains(Xác nhận thử nghiệm)",
        run: "click",
    },
    {trigger: ".o_field_widget[name=document_ids] td:contains(Tờ khai)"},
    {
        trigger: ".o_field_widget[name=applicant_identity] input",
        run: "edit 045190000123 && press Tab",
    },
    {trigger: ".o_field_widget[name=applicant_name] input:value(Nguyễn Thị Hoa)"},
    {trigger: ".o_field_widget[name=preview_due_at]:contains(/2)"},
    {
        trigger: ".o_field_widget[name=all_received] input",
        run: "click",
    },
    {trigger: "button[name=action_accept]", run: "click"},
    {trigger: "button[name=action_print_receipt]"},
    {trigger: ".o_field_widget[name=name]:contains(H50.21-)"},
    {trigger: ".o_form_view .o_form_saved"},
];
if (inputs(receive).length > 12) {
    throw new Error(`Reception takes ${inputs(receive).length} inputs`);
}

registry.category("web_tour.tours").add("cchc_desk_receives", {steps: () => receive});

registry.category("web_tour.tours").add("cchc_handler_passes", {
    steps: () => [
        {trigger: ".o_data_row td[name=applicant_name]:contains(Hoa)", run: "click"},
        {trigger: "button[name=action_explain]", run: "click"},
        {trigger: ".modal .o_field_widget[name=committed_line_ids] .o_data_row"},
        {trigger: ".modal footer button.btn-secondary", run: "click"},
        {trigger: "body:not(:has(.modal)) button[name=action_pass_step]", run: "click"},
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current[data-value=to_sign]",
        },
    ],
});

registry.category("web_tour.tours").add("cchc_leader_sends_back", {
    steps: () => [
        {trigger: ".o_data_row td[name=applicant_name]:contains(Hoa)", run: "click"},
        {trigger: "button[name=action_send_back]", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=content] textarea",
            run: "edit Sai căn cứ pháp lý",
        },
        {trigger: ".modal button[name=action_confirm]", run: "click"},
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current[data-value=processing]",
        },
    ],
});

registry.category("web_tour.tours").add("cchc_leader_signs", {
    steps: () => [
        {trigger: ".o_data_row td[name=applicant_name]:contains(Hoa)", run: "click"},
        {trigger: "button[name=action_sign]", run: "click"},
        {trigger: ".o_field_widget[name=current_step_id]:contains(đóng dấu)"},
    ],
});

registry.category("web_tour.tours").add("cchc_desk_returns", {
    steps: () => [
        {
            content: "A dossier begins in reception, never with an empty form",
            trigger: "body:not(:has(.o_list_button_add))",
        },
        {trigger: ".o_data_row td[name=applicant_name]:contains(Hoa)", run: "click"},
        {trigger: "button[name=action_pass_step]", run: "click"},
        {trigger: "button[name=action_return_result]", run: "click"},
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current[data-value=returned]",
        },
    ],
});

registry.category("web_tour.tours").add("cchc_auditor_reads", {
    steps: () => [
        {trigger: ".o_data_row td[name=content]:contains(Sai căn cứ pháp lý)"},
        {trigger: "button[name=action_verify]", run: "click"},
        {trigger: ".o_notification .o_notification_bar.bg-success"},
        {trigger: "body:not(:has(.o_list_button_add))"},
        {
            content: "Times are written as on the forms: figures, no seconds",
            trigger: ".o_data_row td[name=at]",
            run: ({anchor}) => {
                const text = anchor.textContent.trim();
                if (!/^\d+\/\d+\/\d+ \d+:\d\d$/.test(text)) {
                    throw new Error(`The time is written as "${text}"`);
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("cchc_draft_survives", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=procedure_id] input",
            run: "edit thu nghiem xac",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Xác nhận thử nghiệm)",
            run: "click",
        },
        {trigger: ".o_field_widget[name=document_ids] td:contains(Tờ khai)"},
        {
            trigger: ".o_field_widget[name=applicant_name] input",
            run: "edit Lê Văn Mất Mạng && press Tab",
        },
        {trigger: ".o_field_widget[name=all_received] input", run: "click"},
        {
            // The line breaks: the page goes away without a word to the server.
            trigger: "body",
            run() {
                navigator.sendBeacon = () => true;
            },
        },
        {
            trigger: "body",
            run() {
                window.location.reload();
            },
            expectUnloadPage: true,
        },
        {
            trigger: ".modal:contains(Lê Văn Mất Mạng) .modal-footer .btn-primary",
            run: "click",
        },
        {trigger: ".o_field_widget[name=applicant_name] input:value(Lê Văn Mất Mạng)"},
        {trigger: ".o_field_widget[name=document_ids] td:contains(Tờ khai)"},
        {
            trigger:
                ".o_field_widget[name=document_ids] .o_data_row:first input:checked",
        },
        {trigger: "button[name=action_accept]", run: "click"},
        {trigger: "button[name=action_print_receipt]"},
        {trigger: ".o_form_view .o_form_saved"},
    ],
});
