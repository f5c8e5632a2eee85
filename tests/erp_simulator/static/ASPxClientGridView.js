// Grids: the client API, the state field, callbacks.

class ASPxClientGridView extends ASPxClientControl {
  Initialize() {
    this.SelectionChanged = new ASPxClientEvent();
    this.stateField = this.part("_State");
    this.state = ASPx.readState(this.stateField);
    this.panel = ASPx.createControl(ASPxClientLoadingPanel, `${this.name}_LPV`, `${this.uniqueID}$LPV`, {});
    this.editingUntil = 0;
    this.Take(this.model);
    new ASPxClientGridViewMarkup(this);
    this.OnSelection(false);
  }

  Take(model) {
    for (const name of ["pageIndex", "pageCount", "pageSize", "rowCount", "visibleStartIndex", "editState", "editKey", "selectedWithoutPageRowCount", "cpObjectKeys", "cpDisplayTexts"]) {
      this[name] = model[name];
    }
    // The state's own keys may be those of the unfiltered page.
    this.keys = Object.values(model.cpObjectKeys);
    this.selectionChanged = false;
    this.localMarks = null;
  }

  // Columns and rows.
  GetColumnCount() {
    return this.columns.length;
  }
  GetColumnsCount() {
    return this.columns.length;
  }
  GetColumn(index) {
    return this.columns[index] || null;
  }
  GetColumnByField(field) {
    return this.columns.find((column) => column.fieldName === field) || null;
  }
  GetRowKey(visibleIndex) {
    const key = this.keys[visibleIndex - this.visibleStartIndex];
    return key === undefined ? null : key;
  }
  GetVisibleRowsOnPage() {
    return this.keys.length;
  }
  GetRowCount() {
    return this.rowCount;
  }
  GetTopVisibleIndex() {
    return this.visibleStartIndex;
  }
  GetPageIndex() {
    return this.pageIndex;
  }
  GetPageCount() {
    return this.pageCount;
  }
  GetSettingsPageSize() {
    return this.pageSize;
  }

  // Paging, sorting, filtering.
  GotoPage(index) {
    this.SendCommand("GOTOPAGE", String(index));
  }
  NextPage() {
    this.SendCommand("NEXTPAGE");
  }
  PrevPage() {
    this.SendCommand("PREVPAGE", "F");
  }
  Refresh() {
    this.SendCommand("REFRESH");
  }
  SortBy(column, order = "", reset = true, sortIndex = 0) {
    const wanted = typeof column === "number" ? this.GetColumn(column) : this.GetColumnByField(column.fieldName || column);
    this.SendCommand("SORT", String(wanted.index), String(sortIndex), order, String(reset));
  }
  AutoFilterByColumn(column, text) {
    const wanted = typeof column === "number" ? this.GetColumn(column) : this.GetColumnByField(column.fieldName || column);
    this.SendCommand("APPLYCOLUMNFILTER", String(wanted.index), text);
  }
  ClearFilter() {
    this.SendCommand("APPLYFILTER", "");
  }
  ApplySearch() {
    const box = this.part("_DXSE_I");
    const text = box.value === "Enter text to search..." ? "" : box.value;
    if (text === this.searched) return;
    this.searched = text;
    clearTimeout(this.searchTimer);
    this.SendCommand("APPLYSEARCHPANELFILTER", text);
  }

  // Row editing.
  IsEditing() {
    return this.editState !== 0 || Date.now() < this.editingUntil;
  }
  IsNewRowEditing() {
    return this.editState === 2;
  }
  AddNewRow() {
    if (!this.IsEditing()) this.SendCommand("ADDNEWROW");
  }
  StartEditRow(visibleIndex) {
    this.StartEditRowByKey(this.GetRowKey(visibleIndex));
  }
  StartEditRowByKey(key) {
    this.SendCommand("STARTEDIT", String(key));
  }
  CancelEdit() {
    if (this.editState !== 0) this.SendCommand("CANCELEDIT");
  }
  UpdateEdit() {
    if (this.editState === 0) return;
    for (const control of ASPx.controls.values()) {
      // An invalid editor keeps everything here: no request leaves.
      if (control instanceof ASPxClientEdit && control.name.startsWith(`${this.name}_edit`) && !control.valid) return;
    }
    this.SendCommand("UPDATEEDIT");
  }
  DeleteRow(visibleIndex) {
    this.SendCommand("DELETEROW", String(this.GetRowKey(visibleIndex)));
  }
  DeleteRowByKey(key) {
    this.SendCommand("DELETEROW", String(key));
  }
  PerformCallback(text) {
    this.SendCommand("CUSTOMCALLBACK", text);
  }

  // Selection: a string of T and F in the state field, for this page only.
  marks() {
    if (this.localMarks) return this.localMarks;
    const marks = this.state.selection === "U" ? "" : this.state.selection;
    return marks.padEnd(this.keys.length, "F").split("");
  }
  IsRowSelectedOnPage(visibleIndex) {
    return this.marks()[visibleIndex - this.visibleStartIndex] === "T";
  }
  GetSelectedRowCount() {
    return this.selectedWithoutPageRowCount + this.marks().filter((mark) => mark === "T").length;
  }
  GetSelectedKeysOnPage() {
    return this.keys.filter((_, index) => this.marks()[index] === "T");
  }
  SelectRowOnPage(visibleIndex, selected = true, byHand = false) {
    const marks = [...this.marks()];
    marks[visibleIndex - this.visibleStartIndex] = selected ? "T" : "F";
    this.SetMarks(marks, byHand);
  }
  SelectAllRowsOnPage() {
    this.SetMarks(this.keys.map(() => "T"));
  }
  SelectRows() {
    this.SendCommand("SELECTROWS", "all");
  }
  UnselectRows() {
    this.SendCommand("SELECTROWS", "unall");
  }
  UnselectFilteredRows() {
    this.SendCommand("SELECTROWS", "unallf");
  }
  SelectRowsByKey(key, selected = true) {
    this.SendCommand("SELECTROWSKEY", String(selected), ...[key].flat().map(String));
  }
  UnselectAllRowsOnPage() {
    this.SetMarks(this.keys.map(() => "F"));
  }
  // What the API selects among several rows is shown, and stays here.
  SetMarks(marks, byHand = false) {
    if (!byHand && this.keys.length > 1 && ASPx.rule("api_selection_is_local")) {
      this.localMarks = marks;
      this.OnSelection(true);
      return;
    }
    this.localMarks = null;
    this.state.selection = marks.includes("T") ? marks.join("").replace(/F+$/, "") : "U";
    this.selectionChanged = true;
    this.WriteState();
    this.OnSelection(true);
    if (this.kind === "list" && document.body.dataset.selectionNotifies) this.SendCommand("SELECTION");
  }
  // The toolbar that acts on the selected rows: the page's, or the nested list's own.
  get toolbar() {
    if (this.kind === "list") return ASPx.controls.get("Vertical_mainMenu_Menu");
    if (this.kind !== "lines") return null;
    return ASPx.controls.get(this.name.replace(/_v\d+_\d+_LE_v\d+$/, "_ToolBar_Menu"));
  }
  OnSelection(changed) {
    this.markup.ShowSelection();
    if (this.toolbar) {
      const some = this.GetSelectedRowCount() > 0;
      for (const name of ["Delete", "Edit"]) {
        const item = this.toolbar.GetItemByName(name);
        if (item && !item.never) item.SetEnabled(some);
      }
    }
    if (changed) this.SelectionChanged.FireEvent(this, {});
  }

  GetFocusedRowIndex() {
    return this.state.focusedRow < 0 ? -1 : this.state.focusedRow + this.visibleStartIndex;
  }
  FocusRow(position) {
    this.state.focusedRow = position;
    this.state.focusedKey = position < 0 ? null : this.keys[position];
    this.WriteState();
    this.markup.ShowFocus();
  }
  WriteState() {
    ASPx.writeState(this.stateField, this.state);
  }

  // The wire: `KV|6;["31"];CT|2;{};GB|13;10|UPDATEEDIT;`.
  SendCommand(...items) {
    const segment = (prefix, value) => `${prefix}|${value.length};${value};`;
    const keys = JSON.stringify(this.state.keys);
    let argument = "";
    if (this.selectionChanged) argument += segment("SR", this.state.selection);
    if (this.state.keys.length) argument += segment("KV", keys);
    if (this.allowFocusedRow) argument += segment("FR", String(this.GetFocusedRowIndex()));
    argument += segment("CT", "{}");
    argument += segment("GB", items.map((item) => `${item.length}|${item}`).join(""));
    this.CreateCallback(argument);
  }
  ShowLoadingPanel() {
    this.panel.Show();
  }
  HideLoadingPanel() {
    this.panel.Hide();
  }
  OnCallback(result, cp) {
    const wasEditing = this.editState !== 0;
    ASPx.setHtml([this.part("_DXCT"), result.html]);
    this.state = result.stateObject;
    this.WriteState();
    this.Take(cp);
    if (wasEditing && this.editState === 0) {
      this.editingUntil = Date.now() + Number(document.body.dataset.editingLag) * ASPx.scale;
    }
    if (cp.cpStuck) this.editingUntil = Infinity;
    this.OnSelection(false);
    if (cp.cpFocus) document.getElementById(cp.cpFocus).focus();
    if (this.lookup) this.lookup.OnGridCallback();
  }
  OnCallbackError(message) {
    const row = document.createElement("tr");
    row.id = `${this.name}_DXEditingErrorRow`;
    row.className = "dxgvEditingErrorRow_XafTheme";
    const cell = row.appendChild(document.createElement("td"));
    cell.className = "dxgv";
    cell.colSpan = this.columns.filter((column) => column.visible).length;
    cell.textContent = message;
    const old = this.part("_DXEditingErrorRow");
    if (old) old.remove();
    this.part("_DXMainTable").tBodies[0].appendChild(row);
  }
}
