import {onMounted, onWillUnmount} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {FormController} from "@web/views/form/form_controller";
import {RPCError} from "@web/core/network/rpc";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";
import {session} from "@web/session";

/** Longest pause between two keys of a scanner, in ms; nobody types that fast. */
const GAP = 50;
/** Shortest line that is taken for a scan. */
const SHORTEST = 6;
/** A QR code of several lines is one scan: wait so long for the next line, in ms. */
const NEXT_LINE = 150;

const isEditable = (element) =>
    element.isContentEditable || element.matches("input, textarea, select");
const isSearchBox = (element) => element.matches(".o_searchview_input");

/**
 * Opens the dossier of a scanned receipt from any screen.
 *
 * A scanner types like a keyboard, only faster, and ends each line by Enter. What goes
 * into a field of a form is never touched; the search box, which has the focus on most
 * screens, gets back what stood in it.
 */
export const scanService = {
    dependencies: ["action", "dialog", "notification", "orm"],

    start(env, {action, dialog, notification, orm}) {
        let burst = null;
        let lines = [];
        let restore = null;
        let timer = null;

        /** Whether the screen shows what an action opens. */
        function isShown({res_model, res_id, views}) {
            const {form} = service;
            return (
                form?.props.resModel === res_model &&
                form.model.root.resId === res_id &&
                form.env.config.viewId === views[0][0]
            );
        }

        /** Ask before what was typed and not saved is left. */
        async function confirmLeaving(name, stays) {
            const inDialog = document.querySelector(".o_dialog");
            if (!inDialog && (stays || !(await service.form?.model.root.isDirty()))) {
                return true;
            }
            return new Promise((resolve) => {
                dialog.add(
                    ConfirmationDialog,
                    {
                        title: _t("Open %s?", name),
                        body: inDialog
                            ? _t(
                                  "A window is open: what you typed in it is not kept when you go to the dossier."
                              )
                            : _t(
                                  "This form has changes that are not saved: they are saved before the dossier opens."
                              ),
                        confirmLabel: inDialog
                            ? _t("Close and Open")
                            : _t("Save and Open"),
                        confirm: () => resolve(true),
                        cancelLabel: _t("Stay Here"),
                        cancel: () => resolve(false),
                    },
                    {onClose: () => resolve(false)}
                );
            });
        }

        /**
         * Find a dossier and open it.
         *
         * @param {String} text what was scanned or typed
         * @param {Function} [found] called before the dossier is opened
         * @returns {Promise<String>} why it was not found, empty when it was
         */
        async function open(text, found) {
            let result = null;
            try {
                result = await orm.call("cchc.dossier", "open_by_code", [text]);
            } catch (error) {
                if (error instanceof RPCError && error.data?.message) {
                    return error.data.message;
                }
                throw error;
            }
            found?.();
            const stays = isShown(result.action);
            if (await confirmLeaving(result.name, stays)) {
                dialog.closeAll();
                if (stays) {
                    // Loading it again would lose what is typed meanwhile.
                    return "";
                }
                // One receipt after the other: they do not pile up in the path.
                const next = service.form?.props.resModel === result.action.res_model;
                await action.doAction(result.action, {
                    stackPosition: next ? "replaceCurrentAction" : undefined,
                });
            }
            return "";
        }

        async function scanned(text) {
            const problem = await open(text);
            if (problem) {
                notification.add(problem, {type: "danger"});
            }
        }

        function finish() {
            const text = lines.join("\n");
            lines = [];
            if (restore) {
                restore.target.value = restore.value;
                restore.target.dispatchEvent(new InputEvent("input", {bubbles: true}));
                restore = null;
            }
            scanned(text);
        }

        function onKeydown(ev) {
            const {key, target, timeStamp} = ev;
            const ends = key === "Enter" || key === "Tab";
            if (!ends && key?.length !== 1) {
                // Shift belongs to capital letters; anything else is a person's.
                if (key !== "Shift" && key !== "CapsLock") {
                    burst = null;
                }
                return;
            }
            if (ev.ctrlKey || ev.metaKey || ev.altKey || ev.isComposing) {
                burst = null;
                return;
            }
            const goesOn =
                burst && burst.target === target && timeStamp - burst.last <= GAP;
            if (!ends) {
                if (!goesOn) {
                    burst = {target, text: "", value: target.value};
                }
                burst.text += key;
                burst.last = timeStamp;
                return;
            }
            const line = goesOn ? burst.text : "";
            const first = burst;
            burst = null;
            if (
                line.length < SHORTEST ||
                (isEditable(target) && !isSearchBox(target))
            ) {
                return;
            }
            ev.preventDefault();
            ev.stopImmediatePropagation();
            if (isSearchBox(target) && !restore) {
                restore = {target, value: first.value};
            }
            lines.push(line);
            browser.clearTimeout(timer);
            timer = browser.setTimeout(finish, NEXT_LINE);
        }

        if (session.cchc_scan) {
            // Before anybody else: Enter would press the button that has the focus.
            window.addEventListener("keydown", onKeydown, {capture: true});
        }
        /** `form` is the form on the screen, not one in a window. */
        const service = {open, form: null};
        return service;
    },
};

registry.category("services").add("cchc_scan", scanService);

patch(FormController.prototype, {
    setup() {
        super.setup();
        if (this.env.inDialog) {
            return;
        }
        const scan = this.env.services.cchc_scan;
        onMounted(() => {
            scan.form = this;
        });
        onWillUnmount(() => {
            if (scan.form === this) {
                scan.form = null;
            }
        });
    },
});
