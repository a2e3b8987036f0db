import {registry} from "@web/core/registry";

/**
 * Types like a scanner: all keys at once, Enter at the end of each line.
 *
 * Keys of a device bear the time at which it sent them, however busy the browser is:
 * so do these, a few milliseconds apart.
 */
function scan(text, target) {
    const element = target || document.activeElement || document.body;
    let time = performance.now();
    const press = (key) => {
        const event = new KeyboardEvent("keydown", {
            key,
            bubbles: true,
            cancelable: true,
        });
        time += 2;
        Object.defineProperty(event, "timeStamp", {value: time});
        return element.dispatchEvent(event);
    };
    for (const line of text.split("\n")) {
        for (const key of line) {
            if (press(key) && element.matches("input")) {
                element.value += key;
                element.dispatchEvent(new InputEvent("input", {bubbles: true}));
            }
        }
        press("Enter");
    }
}

let known = [];
/** Code of one of the two dossiers of the test: of Nguyễn Thị Hoa, of Trần Văn Quét. */
const code = (index = 0) => known[index];
const shows = (name) =>
    `body:not(:has(.modal)) .o_form_view .o_field_widget[name=applicant_name]:contains(${name})`;

registry.category("web_tour.tours").add("cchc_scan_anywhere", {
    steps: () => [
        {
            trigger: ".o_list_view .o_searchview_input",
            async run() {
                const answer = await fetch("/cchc_tour/code.txt");
                known = (await answer.text()).split(" ");
            },
        },
        // on a list, where the search box has the focus
        {trigger: ".o_list_view .o_searchview_input", run: "click"},
        {
            trigger: ".o_searchview_input",
            run: () => scan(code(), document.querySelector(".o_searchview_input")),
        },
        {trigger: shows("Nguyễn Thị Hoa")},
        // on the form, a QR code of several lines
        {
            trigger: ".o_form_view",
            run: () =>
                scan(
                    `Mã hồ sơ: ${code(1)}\nMã TTHC: 9.800001\nGiấy tờ: thử`,
                    document.body
                ),
        },
        {trigger: shows("Trần Văn Quét")},
        // a pause, or two scans were one
        {trigger: "body", run: () => new Promise((done) => setTimeout(done, 500))},
        // an unknown code is one sentence, and the screen stays
        {trigger: "body", run: () => scan("H50.21-000000-9999", document.body)},
        {trigger: ".o_notification:contains(H50.21-000000-9999)"},
        {trigger: ".o_notification .o_notification_close", run: "click"},
        // in the window of the button, typed by hand
        {trigger: ".cchc_scan button", run: "click"},
        {trigger: ".cchc_scan_dialog input", run: "edit khong-co-ma-nay"},
        {trigger: ".modal .modal-footer .btn-primary", run: "click"},
        {trigger: ".cchc_scan_dialog .alert-danger:contains(khong-co-ma-nay)"},
        {trigger: ".modal .modal-footer .btn-secondary", run: "click"},
        // a window with something typed in it asks before it goes away
        {trigger: "body:not(:has(.modal)) button[name=action_assign]", run: "click"},
        {trigger: ".modal .o_field_widget[name=content] textarea", run: "edit Dở dang"},
        {
            trigger: ".modal",
            run: () => scan(code(), document.body),
        },
        {
            trigger: ".modal:contains(H50.21-) .modal-footer .btn-secondary",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=content] textarea:value(Dở dang)",
            run: () => scan(code(), document.body),
        },
        {trigger: ".modal:contains(H50.21-) .modal-footer .btn-primary", run: "click"},
        {trigger: shows("Nguyễn Thị Hoa")},
        // what goes into a field of a form is never touched
        {
            trigger: ".o_field_widget[name=applicant_address] input",
            run() {
                const input = document.querySelector(
                    ".o_field_widget[name=applicant_address] input"
                );
                scan("THON-TRUONG-XUAN", input);
                if (input.value !== "THON-TRUONG-XUAN") {
                    throw new Error(`typing was swallowed: ${input.value}`);
                }
            },
        },
        {
            trigger: ".o_field_widget[name=applicant_address] input",
            run: "edit Thôn Trường Sơn && press Tab",
        },
        // the receipt of what is open: it stays as it is, with what was typed
        {
            trigger: ".o_form_button_save",
            run: () => scan(code(), document.body),
        },
        {trigger: "body", run: () => new Promise((done) => setTimeout(done, 500))},
        {
            trigger:
                ".o_field_widget[name=applicant_address] input:value(Thôn Trường Sơn)",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_view .o_form_saved"},
    ],
});

registry.category("web_tour.tours").add("cchc_bulk_pass", {
    steps: () => [
        {trigger: ".o_list_view thead .o_list_record_selector input", run: "click"},
        {trigger: "button[name=action_bulk_pass]", run: "click"},
        {trigger: ".modal .o_data_row .badge.text-bg-info"},
        {
            trigger: ".modal .o_data_row .badge.text-bg-warning",
        },
        {trigger: ".modal button[name=action_confirm]", run: "click"},
        {trigger: ".modal .cchc_bulk_done"},
        {trigger: ".modal button[name=action_open_failing]", run: "click"},
        {trigger: "body:not(:has(.modal)) .o_list_view .o_data_row"},
    ],
});

registry.category("web_tour.tours").add("cchc_handover_of_a_worklist", {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        {
            trigger:
                ".o_field_widget[name=date_to] input, .o_field_widget[name=date_to] button",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=date_to] input",
            run: "edit 31/12/2099 && press Enter",
        },
        {trigger: ".o_field_widget[name=reason] input", run: "edit Nghỉ phép"},
        {trigger: "button[name=action_list]", run: "click"},
        {trigger: ".o_field_widget[name=line_ids] .o_data_row"},
        {trigger: ".o_notebook a[name=candidates]", run: "click"},
        {
            trigger:
                ".o_field_widget[name=candidate_ids] .o_data_row:contains(Colleague) button[name=action_give_all]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=candidate_ids] .o_data_row:contains(Colleague) td[name=given_count]:contains(2)",
        },
        {trigger: "button[name=action_confirm]", run: "click"},
        {trigger: "button[name=action_end]"},
        {trigger: ".o_form_view .o_form_saved"},
    ],
});

/** The answer of a save is lost: the server has it, the browser sees a broken line. */
const line = {
    break() {
        const {open, send} = XMLHttpRequest.prototype;
        // A broken line is logged as an error, which would fail the test.
        const {error} = console;
        console.error = console.info;
        this.mend = () => {
            console.error = error;
            Object.assign(XMLHttpRequest.prototype, {open, send});
            if (!this.saved) {
                throw new Error("the server never got the first request");
            }
        };
        XMLHttpRequest.prototype.open = function (method, url) {
            this.cchcUrl = url;
            return open.apply(this, arguments);
        };
        XMLHttpRequest.prototype.send = async function (body) {
            if (this.cchcUrl.endsWith("/web_save")) {
                const headers = {"Content-Type": "application/json"};
                const url = this.cchcUrl;
                const answer = await fetch(url, {method: "POST", headers, body});
                line.saved = Boolean((await answer.json()).result);
            }
            this.dispatchEvent(new Event("error"));
        };
    },
};

registry.category("web_tour.tours").add("cchc_answer_is_lost", {
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
            run: "edit Lê Thị Đứt Mạng && press Tab",
        },
        {trigger: ".o_field_widget[name=all_received] input", run: "click"},
        {trigger: "body", run: () => line.break()},
        {trigger: "button[name=action_accept]", run: "click"},
        {trigger: ".cchc_connection_banner"},
        {trigger: ".o_field_widget[name=applicant_name] input:value(Lê Thị Đứt Mạng)"},
        {trigger: "body", run: () => line.mend()},
        {trigger: "body:not(:has(.cchc_connection_banner))"},
        {trigger: "button[name=action_accept]:enabled", run: "click"},
        {trigger: "button[name=action_print_receipt]"},
        {trigger: ".o_form_view .o_form_saved"},
    ],
});
