"use strict";
// Select words of a captured text, with mouse or keyboard, and make them parts of a record: in the panel beside the
// text, which hands them on, or straight in the fields of the form that the text stands beside. Places are code points,
// as the server counts them; inside this script they are the browser's UTF-16 units until they leave it. What is a
// whole word, and which marks belong to it, the server decides (`data-settle`).
{
    const RTL = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
    const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
    const BEFORE = /^[\p{Ps}\p{Pi}"'‘“„–-]+/u;
    const AFTER = /[\p{Pe}\p{Pf}"'.,:;،؛۔–]$/u;
    const ABBREVIATED = /(?:\p{L}\.){2}$/u;

    const toPoints = (text, units) => {
        let points = 0;
        for (let at = 0; at < units; at += text.codePointAt(at) > 0xffff ? 2 : 1) {
            points += 1;
        }
        return points;
    };
    const toUnits = (text, points) => {
        let at = 0;
        for (let left = points; left > 0 && at < text.length; left -= 1) {
            at += text.codePointAt(at) > 0xffff ? 2 : 1;
        }
        return at;
    };
    const short = (words) => (words.length > 160 ? `${words.slice(0, 110)} … ${words.slice(-40)}` : words);

    // The words of a text as [start, end]: what stands between blanks, bare of the punctuation around it.
    const wordsOf = (text) => {
        const segmenter = "Segmenter" in Intl ? new Intl.Segmenter(undefined, {granularity: "word"}) : null;
        const found = [];
        for (const run of text.matchAll(/[^\s—]+/gu)) {
            const start = run.index + (run[0].match(BEFORE)?.[0].length ?? 0);
            let bare = text.slice(start, run.index + run[0].length);
            while (AFTER.test(bare) && !ABBREVIATED.test(bare)) {
                bare = bare.slice(0, -1);
            }
            if (bare && segmenter && SPACELESS.test(bare)) {
                for (const piece of segmenter.segment(bare)) {
                    if (piece.isWordLike) {
                        found.push([start + piece.index, start + piece.index + piece.segment.length]);
                    }
                }
            } else if (/[\p{L}\p{N}\p{S}]/u.test(bare)) {
                found.push([start, start + bare.length]);
            }
        }
        return found;
    };

    // The text on the page: its characters, its words, and which of them are selected.
    class Text {
        constructor(region, changed) {
            this.region = region;
            this.changed = changed;
            this.reset();
        }

        reset() {
            this.text = this.region.textContent;
            this.nodes = [];
            this.starts = new Map();
            const walker = document.createTreeWalker(this.region, NodeFilter.SHOW_TEXT);
            for (let at = 0; walker.nextNode(); at += walker.currentNode.length) {
                this.nodes.push({node: walker.currentNode, at});
                this.starts.set(walker.currentNode, at);
            }
            this.words = wordsOf(this.text);
            this.anchor = this.head = null;
        }

        point(at, isEnd) {
            let low = 0;
            for (let high = this.nodes.length - 1; low < high;) {
                const middle = (low + high + 1) >> 1;
                [low, high] = this.nodes[middle].at < at + (isEnd ? 0 : 1) ? [middle, high] : [low, middle - 1];
            }
            return [this.nodes[low].node, at - this.nodes[low].at];
        }

        range(start, end) {
            const range = document.createRange();
            range.setStart(...this.point(start, false));
            range.setEnd(...this.point(end, true));
            return range;
        }

        // Where a boundary of the browser's selection stands in the text.
        unit(node, offset) {
            const own = this.starts.get(node);
            if (own !== undefined) {
                return own + offset;
            }
            const before = document.createRange();
            before.setStart(this.region, 0);
            before.setEnd(node, offset);
            return before.toString().length;
        }

        // Where a point of the window stands in the text; null outside it.
        unitAt(x, y) {
            const box = this.region.getBoundingClientRect();
            const inside = Math.min(Math.max(y, box.top + 2), box.bottom - 2);
            const caret = document.caretPositionFromPoint?.(x, inside) ?? document.caretRangeFromPoint?.(x, inside);
            const node = caret?.offsetNode ?? caret?.startContainer;
            return node && this.region.contains(node) ? this.unit(node, caret.offset ?? caret.startOffset) : null;
        }

        // The words between two places, from where the selection began to where it ends; one word at least.
        between(from, to) {
            const [low, high] = [Math.min(from, to), Math.max(from, to)];
            const first = this.words.findIndex((word) => word[1] > low);
            const last = this.words.findLastIndex((word) => word[0] < high);
            if (low < high && first >= 0 && first <= last) {
                return from < to ? [first, last] : [last, first];
            }
            const near = this.words.findIndex((word) => word[1] >= low);
            const one = near < 0 ? this.words.length - 1 : near;
            return [one, one];
        }

        get span() {
            if (this.anchor === null) {
                return null;
            }
            const [first, last] = [Math.min(this.anchor, this.head), Math.max(this.anchor, this.head)];
            return [this.words[first][0], this.words[last][1]];
        }

        // The place of what is selected, in code points, with its words.
        get selected() {
            const span = this.span;
            return span && {
                words: this.text.slice(...span), start: toPoints(this.text, span[0]), end: toPoints(this.text, span[1]),
            };
        }

        // Take what the browser has selected by its own means, as on a touch screen.
        take() {
            const {anchorNode, anchorOffset, focusNode, focusOffset, isCollapsed} = getSelection();
            const inside = [anchorNode, focusNode].every((node) => this.region.contains(node));
            if (inside && !isCollapsed && this.words.length) {
                const [from, to] = [this.unit(anchorNode, anchorOffset), this.unit(focusNode, focusOffset)];
                this.select(...this.between(from, to), false);
            }
        }

        select(anchor, head, show = true) {
            const same = anchor === this.anchor && head === this.head;
            [this.anchor, this.head] = [anchor, head];
            if (show) {
                const [start, end] = this.span;
                const [from, to] = [this.point(start, false), this.point(end, true)];
                getSelection().setBaseAndExtent(...(head < anchor ? [...to, ...from] : [...from, ...to]));
                this.reveal();
            }
            if (!same) {
                this.changed();
            }
        }

        clear() {
            this.anchor = this.head = null;
            getSelection().removeAllRanges();
            this.changed();
        }

        reveal() {
            const word = () => this.range(...this.words[this.head]).getBoundingClientRect();
            const box = this.region.getBoundingClientRect();
            let at = word();
            if (at.top < box.top + 8) {
                this.region.scrollTop -= box.top + 8 - at.top;
            } else if (at.bottom > box.bottom - 8) {
                this.region.scrollTop += at.bottom - box.bottom + 8;
            }
            at = word();
            if (at.top < 0 || at.bottom > innerHeight) {
                scrollBy(0, at.top < 0 ? at.top - 24 : at.bottom - innerHeight + 24);
            }
        }

        // The words of the paragraph in which the current word stands: the first and the last.
        paragraph() {
            const [at] = this.words[this.head];
            const begin = this.text.lastIndexOf("\n", at) + 1;
            const end = this.text.indexOf("\n", at);
            const last = end < 0 ? this.words.length - 1 : this.words.findLastIndex((word) => word[0] < end);
            return [this.words.findIndex((word) => word[0] >= begin), last, this.text.slice(begin, end < 0 ? undefined : end)];
        }

        isRtl() {
            return RTL.test(this.paragraph()[2].match(/\p{L}/u)?.[0] ?? "");
        }

        // The word above or below the current one.
        line(step) {
            const place = (index) => {
                const box = this.range(...this.words[index]).getClientRects()[0];
                return {top: box.top, middle: (box.left + box.right) / 2, height: box.height};
            };
            const here = place(this.head);
            let best = null;
            for (let index = this.head + step; this.words[index]; index += step) {
                const there = place(index);
                if (Math.abs(there.top - here.top) < here.height / 2) {
                    continue;
                }
                if (best && Math.abs(there.top - best.top) > here.height / 2) {
                    break;
                }
                const away = Math.abs(there.middle - here.middle);
                if (!best || away < best.away) {
                    best = {index, away, top: there.top};
                }
            }
            return best?.index ?? (step < 0 ? 0 : this.words.length - 1);
        }

        // Where a key leads from the current word; undefined for a key that leads nowhere.
        goes(event) {
            const forward = this.isRtl() ? -1 : 1;
            const last = this.words.length - 1;
            switch (event.key) {
                case "ArrowRight": return Math.min(last, Math.max(0, this.head + forward));
                case "ArrowLeft": return Math.min(last, Math.max(0, this.head - forward));
                case "ArrowUp": return this.line(-1);
                case "ArrowDown": return this.line(1);
                case "Home": return event.ctrlKey ? 0 : this.paragraph()[0];
                case "End": return event.ctrlKey ? last : this.paragraph()[1];
            }
            return undefined;
        }
    }

    // Where the selected words go on a capture's page: a list that is sent on with the address.
    class Panel {
        constructor(root, parts, lang) {
            [this.root, this.parts, this.lang] = [root, parts, lang];
            this.chosen = Object.fromEntries(parts.map((part) => [part.name, []]));
            this.list = root.querySelector(".desk-chosen");
            for (const field of root.querySelectorAll(".desk-paste textarea")) {
                field.disabled = true;
            }
            root.querySelector(".desk-paste").hidden = true;
        }

        get capture() {
            return this.root.elements.capture.value;
        }

        get(part) {
            return this.chosen[part.name];
        }

        adds(part) {
            return part.most > 1;
        }

        put(part, passages) {
            this.chosen[part.name] = passages;
            this.draw();
            const asked = [...new URLSearchParams(location.search)].filter(([name]) => !(name in this.chosen));
            for (const one of this.parts) {
                asked.push(...this.get(one).map((passage) => [one.name, `${passage.start}-${passage.end}`]));
            }
            history.replaceState(null, "", asked.length ? `?${new URLSearchParams(asked)}` : location.pathname);
        }

        // What was chosen before the page was left or loaded anew.
        restore(text) {
            for (const [name, value] of new URLSearchParams(location.search)) {
                const part = this.parts.find((one) => one.name === name);
                const [start, end] = (/^(\d{1,9})-(\d{1,9})$/.exec(value) ?? []).slice(1).map(Number);
                const words = text.slice(toUnits(text, start ?? 0), toUnits(text, end ?? 0));
                if (part && words && this.get(part).length < part.most) {
                    this.chosen[name].push({words, start, end});
                }
            }
            this.draw();
        }

        draw() {
            const focused = [...this.list.querySelectorAll("button")].indexOf(document.activeElement);
            this.list.replaceChildren();
            for (const part of this.parts) {
                for (const passage of this.get(part)) {
                    const row = document.createElement("li");
                    const label = document.createElement("strong");
                    label.textContent = part.label;
                    const words = document.createElement("q");
                    [words.textContent, words.lang, words.dir] = [short(passage.words), this.lang, "auto"];
                    const remove = document.createElement("button");
                    [remove.type, remove.textContent] = ["button", "Remove"];
                    remove.setAttribute("aria-label", `Remove ${part.label}: ${short(passage.words)}`);
                    remove.addEventListener("click", () => {
                        this.put(part, this.get(part).filter((one) => one !== passage));
                        this.tell(`${part.label} removed.`);
                    });
                    const sent = document.createElement("input");
                    [sent.type, sent.name, sent.value] = ["hidden", part.name, `${passage.start}-${passage.end}`];
                    row.append(label, " ", words, " ", remove, sent);
                    this.list.append(row);
                }
            }
            if (focused >= 0) {
                const buttons = this.list.querySelectorAll("button");
                (buttons[Math.min(focused, buttons.length - 1)] ?? this.root.querySelector("[data-part]")).focus();
            }
        }
    }

    // Where they go beside a form: into its fields, with hidden inputs for where they begin.
    class Fields {
        constructor(root, parts) {
            [this.root, this.parts, this.form] = [root, parts, root.closest("form")];
            for (const part of parts) {
                part.input = document.getElementById(root.dataset.fields + part.field);
                part.button.hidden = !part.input;
                if (this.hidden(part.at)) {
                    this.unfold(part);
                }
                part.input?.addEventListener("input", () => {
                    if (!part.input.value.trim()) {
                        this.place(part, []);
                    }
                });
            }
        }

        get capture() {
            return document.getElementById(this.root.dataset.captureField)?.value ?? "";
        }

        hidden(name) {
            return this.form.querySelector(`input[type=hidden][name="${name}"]`);
        }

        starts(part, count) {
            if (!part.numbered) {
                const kept = (this.hidden(part.at)?.value ?? "").split(",").filter(Boolean).map(Number);
                return kept.length === count ? kept : Array(count).fill(null);
            }
            return Array.from({length: count}, (_, number) => {
                const name = part.at + number;
                const kept = this.form.querySelector(`[type=radio][name="${name}"]:checked`) ?? this.hidden(name);
                return kept ? Number(kept.value) : null;
            });
        }

        get(part) {
            const split = part.numbered ? /\n[^\S\n]*\n/ : part.joiner || null;
            const value = part.input.value.trim();
            const passages = (split === null ? [value] : value.split(split)).filter((words) => words.trim());
            const starts = this.starts(part, passages.length);
            return passages.map((words, number) => ({words: words.trim(), start: starts[number]}));
        }

        // A cue that was not selected is replaced by the first selected piece.
        adds(part) {
            return part.most > 1 && (part.numbered || Boolean(this.hidden(part.at)));
        }

        put(part, passages) {
            part.input.value = passages.map((one) => one.words).join(part.joiner);
            this.place(part, passages.map((one) => one.start));
            this.unfold(part);
        }

        unfold(part) {
            const folded = part.input.closest("details");
            if (folded) {
                folded.open = true;
            }
        }

        place(part, starts) {
            const inputs = [...this.form.querySelectorAll(`input[name^="${part.at}"]`)];
            for (const input of inputs.filter((one) => one.type === "hidden")) {
                input.remove();
            }
            const named = part.numbered ? starts.map((at, number) => [part.at + number, at])
                : starts.length && !starts.includes(null) ? [[part.at, starts.join(",")]] : [];
            for (const radio of inputs.filter((one) => one.type === "radio")) {
                radio.checked = named.some(([name, at]) => name === radio.name && String(at) === radio.value);
            }
            for (const [name, at] of named.filter(([, at]) => at !== null)) {
                const input = document.createElement("input");
                [input.type, input.name, input.value] = ["hidden", name, at];
                // Before the choices of places, of which the last counts.
                this.form.prepend(input);
            }
        }
    }

    const start = (region, root) => {
        const parts = [...root.querySelectorAll("[data-part]")].map((button) => ({
            button,
            name: button.dataset.part,
            label: button.dataset.label,
            most: Number(button.dataset.most),
            joiner: button.dataset.joiner,
            field: button.dataset.field,
            at: button.dataset.at,
            numbered: "numbered" in button.dataset,
        }));
        const [now, told] = [root.querySelector(".desk-now"), root.querySelector(".desk-told")];
        const records = document.querySelectorAll(".desk-records > li");
        const store = root.dataset.fields ? new Fields(root, parts) : new Panel(root, parts, region.lang);
        const tell = (words) => {
            told.textContent = words;
        };
        store.tell = tell;

        // Names what is selected, and what is recorded of its first word.
        const showNow = () => {
            const {span} = text;
            now.textContent = span ? "Selected: " : "Nothing is selected in the text.";
            if (span) {
                const words = document.createElement("q");
                [words.textContent, words.lang, words.dir] = [short(text.text.slice(...span)), region.lang, "auto"];
                now.append(words);
                const mark = text.point(span[0], false)[0].parentElement.closest("[data-records]");
                for (const number of (mark?.dataset.records ?? "").split(" ").filter(Boolean)) {
                    const link = records[number - 1]?.querySelector("a").cloneNode(true);
                    if (link) {
                        now.append(" Recorded: ", `${number}. `, link);
                    }
                }
            }
            paint();
        };

        // Shows the selected and the chosen words in the text without touching it.
        const paint = () => {
            if (!("highlights" in CSS)) {
                return;
            }
            const show = (name, spans) => CSS.highlights.set(name, new Highlight(...spans.map((s) => text.range(...s))));
            show("desk-now", text.span ? [text.span] : []);
            for (const part of parts.filter((one) => root.dataset.fields ? one.input : true)) {
                const placed = store.get(part).filter((one) => one.start !== null && one.start !== undefined);
                const spans = placed.map((one) => [
                    toUnits(text.text, one.start), toUnits(text.text, one.start + toPoints(one.words, one.words.length)),
                ]);
                show(`desk-${part.name}`, spans.filter(([from, to]) => from < to));
            }
        };

        const text = new Text(region, showNow);

        // What the server makes of a selection; null where it cannot be reached, and then the selection stands as it is.
        const settle = async (part, passage) => {
            const asked = new URLSearchParams({capture: store.capture, [part.name]: `${passage.start}-${passage.end}`});
            try {
                const response = await fetch(`${root.dataset.settle}?${asked}`, {credentials: "same-origin"});
                return response.ok ? await response.json() : null;
            } catch {
                return null;
            }
        };

        const choose = async (part) => {
            const passage = text.selected;
            if (!passage || !store.capture || part.button.hidden) {
                tell(store.capture ? "Select words in the text first." : "Choose the capture first.");
                return;
            }
            const before = store.get(part);
            const kept = store.adds(part) ? before.filter((one) => one.start !== passage.start) : [];
            if (kept.length >= part.most) {
                tell(`${part.label}: ${part.most} passages are the most; remove one first.`);
                return;
            }
            const put = (passages) => {
                const all = [...kept, ...passages].slice(0, part.most);
                const placed = all.every((one) => one.start !== null);
                store.put(part, placed ? all.sort((one, other) => one.start - other.start) : all);
                paint();
                const replaced = before.filter((one) => !kept.includes(one) && !all.some((p) => p.words === one.words));
                const old = replaced.length ? `, in place of “${short(replaced.map((one) => one.words).join(" … "))}”` : "";
                tell(`${part.label}: “${short(passages.map((one) => one.words).join("”, “"))}”${old}.`);
                return JSON.stringify(store.get(part));
            };
            const ours = put([passage]);
            const settled = await settle(part, passage);
            if (settled && JSON.stringify(store.get(part)) === ours) {
                const passages = settled.passages[part.name] ?? [];
                if (passages.length) {
                    put(passages);
                } else {
                    store.put(part, before);
                    paint();
                }
                if (settled.problems.length) {
                    tell(settled.problems.join(" "));
                }
            }
        };

        // The mouse selects by our own count: the browser would drag words that are selected instead of selecting anew.
        let from = null;
        const move = (event) => {
            const to = text.unitAt(event.clientX, event.clientY);
            if (from !== null && to !== null) {
                text.select(...text.between(from, to));
            }
        };
        region.addEventListener("pointerdown", (event) => {
            const box = region.getBoundingClientRect();
            const across = event.clientX - box.left - region.clientLeft;
            const onBar = across < 0 || across > region.clientWidth;
            if (event.pointerType !== "touch" && event.button === 0 && !onBar && !event.target.closest("a")) {
                from = text.words.length ? text.unitAt(event.clientX, event.clientY) : null;
            }
        });
        region.addEventListener("mousedown", (event) => {
            if (from === null) {
                return;
            }
            event.preventDefault();
            region.focus({preventScroll: true});
            const [, word] = text.between(from, from);
            text.select(event.shiftKey && text.anchor !== null ? text.anchor : word, word);
            from = event.shiftKey ? text.words[text.anchor][0] : from;
        });
        document.addEventListener("pointermove", move);
        for (const end of ["pointerup", "pointercancel"]) {
            document.addEventListener(end, () => {
                from = null;
            });
        }
        let waiting;
        document.addEventListener("selectionchange", () => {
            clearTimeout(waiting);
            waiting = setTimeout(() => {
                if (from === null) {
                    text.take();
                }
            }, 200);
        });
        region.addEventListener("focus", () => {
            if (text.anchor === null && text.words.length && region.matches(":focus-visible") && from === null) {
                text.select(0, 0);
            }
        });
        region.addEventListener("keydown", (event) => {
            const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
            if (event.altKey || event.metaKey || (event.ctrlKey && !["Home", "End"].includes(event.key))) {
                return;
            }
            if (digit && parts[digit - 1]) {
                choose(parts[digit - 1]);
            } else if (event.key === "Escape") {
                text.clear();
            } else if (text.words.length && /^(?:Arrow|Home|End)/.test(event.key)) {
                if (text.anchor === null) {
                    text.select(0, 0);
                } else {
                    const head = text.goes(event);
                    text.select(event.shiftKey ? text.anchor : head, head);
                }
            } else {
                return;
            }
            event.preventDefault();
        });
        // The text was exchanged for another.
        region.addEventListener("desk:text", () => {
            text.reset();
            for (const part of parts.filter((one) => one.input)) {
                store.place(part, []);
            }
            showNow();
        });
        for (const part of parts) {
            // A press of the mouse must not take the selection away.
            part.button.addEventListener("mousedown", (event) => event.preventDefault());
            part.button.addEventListener("click", () => choose(part));
        }

        // With the keys it is a field that is only read: a screen reader hands them on.
        region.setAttribute("role", "textbox");
        region.setAttribute("aria-readonly", "true");
        region.setAttribute("aria-multiline", "true");
        region.setAttribute("aria-describedby", "select-keys");
        root.querySelector(".desk-selecting").hidden = false;
        document.getElementById("select-keys").hidden = false;
        store.restore?.(text.text);
        paint();
    };

    document.addEventListener("DOMContentLoaded", () => {
        const [region, root] = [document.querySelector(".desk-selectable"), document.querySelector(".desk-select")];
        if (region && root) {
            start(region, root);
        }
    });
}
