import {send} from "./upload";
import {useState} from "@odoo/owl";

/** What is being sent, and what was refused with its sentence. */
export function useUploads() {
    const state = useState({list: []});
    let serial = 0;

    function forget(upload) {
        state.list = state.list.filter((each) => each.id !== upload.id);
    }

    /** Send files; what succeeds leaves the list, what fails stays with its sentence. */
    async function start(name, url, files, values = {}) {
        serial++;
        state.list.push({id: serial, name, percent: 0, problem: ""});
        const upload = state.list[state.list.length - 1];
        const answer = await send(url, files, values, (share) => {
            upload.percent = Math.round(100 * share);
        });
        if (answer.problem) {
            upload.problem = answer.problem;
        } else {
            forget(upload);
        }
        return answer;
    }

    /** Say what is wrong with a file before anything is sent. */
    function refuse(name, problem) {
        serial++;
        state.list.push({id: serial, name, percent: 0, problem});
    }

    return {state, forget, start, refuse};
}
