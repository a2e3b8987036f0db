import {Component, useRef, useState} from "@odoo/owl";

/** Takes files that are dropped on it, or chosen by a press. */
export class DropZone extends Component {
    static template = "cchc_onestop_digitise.DropZone";
    static props = {
        name: String,
        label: String,
        onFiles: Function,
        class: {type: String, optional: true},
        disabled: {type: Boolean, optional: true},
        slots: {type: Object, optional: true},
    };

    setup() {
        this.input = useRef("input");
        this.state = useState({over: 0});
    }

    get isOver() {
        return this.state.over > 0;
    }

    onEnter(event) {
        if (!this.props.disabled && event.dataTransfer?.types.includes("Files")) {
            this.state.over++;
        }
    }

    onLeave() {
        this.state.over = Math.max(0, this.state.over - 1);
    }

    onDrop(event) {
        this.state.over = 0;
        const files = [...(event.dataTransfer?.files || [])];
        if (!this.props.disabled && files.length) {
            this.props.onFiles(files);
        }
    }

    onChange() {
        const files = [...this.input.el.files];
        // The same file may be chosen again after it was mended.
        this.input.el.value = "";
        if (files.length) {
            this.props.onFiles(files);
        }
    }
}
