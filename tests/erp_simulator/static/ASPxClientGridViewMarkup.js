// What happens in a grid's markup: clicks, filter row, pager, search box.

class ASPxClientGridViewMarkup {
  constructor(grid) {
    this.grid = grid;
    grid.markup = this;
    grid.element.addEventListener("click", (event) => this.OnClick(event));
    grid.element.addEventListener("input", (event) => this.OnInput(event));
    grid.element.addEventListener("keydown", (event) => this.OnKey(event));
    const search = grid.part("_DXSE_I");
    if (search) this.WatchSearch(search);
  }

  // Nested grids stand inside a grid's editing row: each hears only what is its own.
  isMine(element) {
    return element.closest(".dxgvControl_XafTheme") === this.grid.element;
  }

  OnClick(event) {
    const target = event.target;
    if (!this.isMine(target)) return;
    const command = target.closest("a[data-args]");
    if (command) return this.OnCommand(command);
    const page = target.closest("a[data-page]");
    if (page) return this.OnPager(page);
    const header = target.closest("td[class*=dxgvHeader_]");
    if (header) return this.OnHeader(header);
    const row = target.closest("tr.dxgvDataRow_XafTheme");
    if (row) this.OnRow(row, event);
  }

  OnCommand(anchor) {
    const [[word], argument] = JSON.parse(anchor.dataset.args.replace(/'/g, '"'));
    const grid = this.grid;
    if (word === "AddNew") grid.AddNewRow();
    else if (word === "UpdateEdit") grid.UpdateEdit();
    else if (word === "CancelEdit") grid.CancelEdit();
    else if (word === "Delete") {
      if (window.confirm(document.body.dataset.deleteConfirm)) grid.DeleteRow(argument);
    } else if (word === "StartEdit") grid.StartEditRow(argument);
    else if (word === "CustomButton" && grid.rowHandler) this.RaiseRow("Edit", argument);
  }

  OnPager(anchor) {
    if (!anchor.classList.contains("dxp-disabledButton")) this.grid.SendCommand("PAGERONCLICK", anchor.dataset.page);
  }

  OnHeader(cell) {
    const grid = this.grid;
    const index = Number(/_col(\d+)$/.exec(cell.id)[1]);
    if (cell.querySelector("[id*=DXSelAllBtn]")) {
      const all = grid.GetSelectedKeysOnPage().length === grid.keys.length;
      grid.SendCommand("SELECTROWS", all ? "unall" : "all");
    } else if (grid.GetColumn(index).fieldName) {
      grid.SendCommand("SORT", String(index), "0", "", "true");
    }
  }

  OnRow(row, event) {
    const grid = this.grid;
    const index = Number(/_DXDataRow(\d+)$/.exec(row.id)[1]);
    if (grid.kind === "lookup") {
      grid.lookup.OnRowClick(index - grid.visibleStartIndex, event.isTrusted);
      return;
    }
    if (grid.kind === "find") {
      grid.FocusRow(index - grid.visibleStartIndex);
      grid.SetMarks(grid.keys.map((_, position) => (position + grid.visibleStartIndex === index ? "T" : "F")));
      return;
    }
    const cell = event.target.closest("td");
    if (cell.classList.contains("dxgvCommandColumn_XafTheme")) {
      if (!cell.querySelector("[id*=DXSelBtn]")) return;
      // Among several rows only a real mouse selects.
      if (event.isTrusted || grid.keys.length === 1 || !ASPx.rule("rows_need_real_mouse")) grid.SelectRowOnPage(index, !grid.IsRowSelectedOnPage(index), true);
      return;
    }
    if (grid.rowHandler) this.RaiseRow("ListViewShowObject", index);
  }

  RaiseRow(word, index) {
    const key = this.grid.GetRowKey(index);
    RaiseXafCallback(globalCallbackControl, this.grid.rowHandler, `${word}:xafkidemovb.Module.CRMKI.${this.grid.objectType}(${key})`, "", false);
  }

  // Filter row: applied by itself some time after the last key.
  OnInput(event) {
    const match = /_DXFREditorcol(\d+)_I$/.exec(event.target.id);
    if (!match || !this.isMine(event.target)) return;
    clearTimeout(this.filterTimer);
    this.filterTimer = ASPx.later(1200, () => this.ApplyFilter(event.target, match[1]));
  }
  OnKey(event) {
    if (event.key !== "Enter" || !this.isMine(event.target)) return;
    const match = /_DXFREditorcol(\d+)_I$/.exec(event.target.id);
    const size = event.target.id.endsWith("_DXPagerBottom_PSI");
    if (!match && !size) return;
    event.preventDefault();
    clearTimeout(this.filterTimer);
    if (match) this.ApplyFilter(event.target, match[1]);
    else event.target.blur();
  }
  ApplyFilter(input, column) {
    this.grid.SendCommand("APPLYCOLUMNFILTER", column, input.value === "N/A" ? "" : input.value);
  }

  // The lookup's search box: its null text is its value.
  WatchSearch(box) {
    this.grid.searched = box.classList.contains("dxeNullText_XafTheme") ? "" : box.value;
    box.addEventListener("focus", () => {
      if (box.value === "Enter text to search...") box.value = "";
      box.classList.remove("dxeNullText_XafTheme");
    });
    box.addEventListener("blur", () => {
      if (box.value === "") {
        box.value = "Enter text to search...";
        box.classList.add("dxeNullText_XafTheme");
      }
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.grid.ApplySearch();
    });
    box.addEventListener("input", () => {
      clearTimeout(this.grid.searchTimer);
      this.grid.searchTimer = ASPx.later(1200, () => this.grid.ApplySearch());
    });
  }

  ShowSelection() {
    const grid = this.grid;
    grid.keys.forEach((_, position) => {
      const index = position + grid.visibleStartIndex;
      const row = grid.part(`_DXDataRow${index}`);
      const box = grid.part(`_DXSelBtn${index}`);
      if (!row) return;
      const selected = grid.IsRowSelectedOnPage(index);
      row.classList.toggle("dxgvSelectedRow_XafTheme", selected && grid.kind !== "lookup");
      if (box) this.Tick(box, selected);
    });
    const all = grid.part("_DXSelAllBtn0");
    if (all) this.Tick(all, grid.keys.length > 0 && grid.GetSelectedKeysOnPage().length === grid.keys.length);
  }
  Tick(box, on) {
    box.classList.toggle("dxWeb_edtCheckBoxChecked_XafTheme", on);
    box.classList.toggle("dxWeb_edtCheckBoxUnchecked_XafTheme", !on);
  }
  ShowFocus() {
    const grid = this.grid;
    grid.keys.forEach((_, position) => {
      const row = grid.part(`_DXDataRow${position + grid.visibleStartIndex}`);
      if (row) row.classList.toggle("dxgvFocusedRow_XafTheme", position === grid.state.focusedRow);
    });
  }
}
