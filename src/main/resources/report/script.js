(function () {
  'use strict';
  var table = document.getElementById('keys');
  if (!table) { return; }
  var each = Function.prototype.call.bind(Array.prototype.forEach);
  var body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows);
  var items = Array.prototype.slice.call(document.querySelectorAll('li[data-key]'));
  var causes = document.querySelectorAll('.cause');
  var find = document.getElementById('find');
  var filters = ['status', 'reason', 'project'].map(function (name) { return document.getElementById(name); });
  var shown = document.getElementById('shown');
  function words(element) {
    if (element.words === undefined) { element.words = element.textContent.toLowerCase(); }
    return element.words;
  }
  function set(element, keep) {
    if (element.hidden === keep) { element.hidden = !keep; }
  }
  function filter() {
    var asked = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    var status = filters[0].value;
    var reason = filters[1] ? filters[1].value : '';
    var project = filters[2] ? filters[2].value : '';
    var kept = Object.create(null);
    var count = 0;
    rows.forEach(function (row) {
      var keep = (!status || row.dataset.status === status)
        && (!reason || (row.dataset.reasons || '').split(' ').indexOf(reason) >= 0)
        && (!project || words(row).indexOf('projects/' + project + '/') >= 0)
        && asked.every(function (word) { return words(row).indexOf(word) >= 0; });
      set(row, keep);
      if (keep) { count++; kept[row.id] = true; }
    });
    items.forEach(function (item) { set(item, !!kept[item.dataset.key]); });
    each(causes, function (cause) {
      set(cause, (!reason || cause.dataset.reason === reason) && !!cause.querySelector('li[data-key]:not([hidden])'));
    });
    shown.textContent = count + ' of ' + rows.length + (rows.length === 1 ? ' key' : ' keys');
  }
  var worst = Array.prototype.map.call(filters[0].options, function (option) { return option.value; });
  function value(row, column) {
    return column === 0 ? worst.indexOf(row.dataset.status) : row.cells[column].textContent.trim().toLowerCase();
  }
  each(table.tHead.rows[0].cells, function (head, column) {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.textContent = '';
    head.appendChild(button);
    button.addEventListener('click', function () {
      var down = head.getAttribute('aria-sort') === 'ascending';
      each(table.tHead.rows[0].cells, function (other) { other.removeAttribute('aria-sort'); });
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      rows.map(function (row) { return [value(row, column), row]; }).sort(function (one, other) {
        return (one[0] < other[0] ? -1 : one[0] > other[0] ? 1 : 0) * (down ? -1 : 1);
      }).forEach(function (pair) { body.appendChild(pair[1]); });
    });
  });
  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) { return navigator.clipboard.writeText(text); }
    var area = document.createElement('textarea');
    area.value = text;
    document.body.appendChild(area);
    area.select();
    var done = document.execCommand('copy');
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error('refused'));
  }
  each(causes, function (cause) {
    if (!cause.querySelector('.command')) { return; }
    var button = document.createElement('button');
    var said = document.createElement('output');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy all commands of this cause';
    button.addEventListener('click', function () {
      var lines = [];
      each(cause.querySelectorAll('li:not([hidden]) > .command'), function (command) { lines.push(command.textContent); });
      cause.copied = lines.join('\n') + '\n';
      copy(cause.copied).then(function () {
        said.textContent = lines.length === 1 ? '1 command copied' : lines.length + ' commands copied';
      }, function () { said.textContent = 'The browser does not let this page copy'; });
    });
    var head = cause.querySelector('.head');
    head.appendChild(button);
    head.appendChild(said);
  });
  find.addEventListener('input', filter);
  filters.forEach(function (choice) { if (choice) { choice.addEventListener('change', filter); } });
  document.querySelector('.controls').hidden = false;
  shown.textContent = rows.length + (rows.length === 1 ? ' key' : ' keys');
})();
