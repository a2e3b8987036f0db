import {onMounted, useRef} from "@odoo/owl";
import {FormRenderer} from "@web/views/form/form_renderer";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";

/** A form that opens on one of its pages brings that page into sight. */
export class PageFormRenderer extends FormRenderer {
    setup() {
        super.setup();
        const root = useRef("compiled_view_root");
        onMounted(() => {
            const headers = root.el.querySelector(".o_notebook_headers");
            if (headers) {
                // below the bar of buttons, which stays in sight
                headers.style.scrollMarginTop = "70px";
                headers.scrollIntoView({block: "start"});
            }
        });
    }
}

registry
    .category("views")
    .add("cchc_page_form", {...formView, Renderer: PageFormRenderer});
