import {DropZone} from "../upload/drop_zone";
import {ListController} from "@web/views/list/list_controller";
import {groups} from "../upload/upload";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {useUploads} from "../upload/uploads";

/** The list of stacks takes a new one that is dropped on it. */
export class StackListController extends ListController {
    static template = "cchc_onestop_digitise.StackList";
    static components = {...ListController.components, DropZone};

    setup() {
        super.setup();
        this.stackOrm = useService("orm");
        this.stackAction = useService("action");
        this.uploads = useUploads();
    }

    get uploadList() {
        return this.uploads.state.list;
    }

    forget(upload) {
        this.uploads.forget(upload);
    }

    async onStack(files) {
        const batches = [];
        for (const group of groups(files)) {
            const answer = await this.uploads.start(
                group[0].name,
                "/cchc_digitise/stack",
                group,
                {company: user.activeCompany.id}
            );
            if (!answer.problem) {
                batches.push(answer.batch);
            }
        }
        if (batches.length === 1 && !this.uploadList.length) {
            await this.stackAction.doAction({
                type: "ir.actions.act_window",
                res_model: "cchc.scan.batch",
                res_id: batches[0],
                views: [[false, "form"]],
            });
        } else {
            await this.model.load();
        }
    }

    async collect() {
        const action = await this.stackOrm.call(
            "cchc.scan.batch",
            "action_collect",
            []
        );
        await this.stackAction.doAction(action);
        await this.model.load();
    }
}

registry.category("views").add("cchc_scan_list", {
    ...listView,
    Controller: StackListController,
});
