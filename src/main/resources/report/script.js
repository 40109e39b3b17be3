(function () {
  'use strict';
  var table = document.getElementById('keys');
  if (!table) { return; }
  var body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows);
  var find = document.getElementById('find');
  var status = document.getElementById('status');
  var shown = document.getElementById('shown');
  rows.forEach(function (row) { row.words = row.textContent.toLowerCase(); });
  function filter() {
    var words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    var count = 0;
    rows.forEach(function (row) {
      var keep = (!status.value || row.dataset.status === status.value)
        && words.every(function (word) { return row.words.indexOf(word) >= 0; });
      row.hidden = !keep;
      row.style.display = keep ? '' : 'none';
      if (keep) { count++; }
    });
    shown.textContent = count + ' of ' + rows.length;
  }
  function value(row, column) {
    var cell = row.cells[column];
    return cell.dataset.sort || cell.textContent.trim().toLowerCase();
  }
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.textContent = '';
    head.appendChild(button);
    button.addEventListener('click', function () {
      var down = head.getAttribute('aria-sort') === 'ascending';
      Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) { other.removeAttribute('aria-sort'); });
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      var sorted = rows.slice().sort(function (one, other) {
        return value(one, column).localeCompare(value(other, column)) * (down ? -1 : 1);
      });
      sorted.forEach(function (row) { body.appendChild(row); });
    });
  });
  find.addEventListener('input', filter);
  status.addEventListener('change', filter);
  document.querySelector('.controls').hidden = false;
  filter();
})();
