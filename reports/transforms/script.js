// SPDX-License-Identifier: Apache-2.0
// Filter, search, fold, and the page's language. The page is whole without it.
(function () {
  'use strict';
  var rows = Array.prototype.slice.call(document.querySelectorAll('[data-v]'));
  var groups = Array.prototype.slice.call(document.querySelectorAll('[data-group]'));
  var search = document.getElementById('search');
  var tools = document.getElementById('tools');
  var shown = document.getElementById('shown');
  var boxes = Array.prototype.slice.call(tools.querySelectorAll('input[type=checkbox]'));
  var texts = null;
  var timer = 0;

  function textOf(index) {
    if (texts === null) {
      texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
    }
    return texts[index];
  }

  function apply() {
    var wanted = search.value.trim().toLowerCase();
    var verdicts = {};
    var all = true;
    var count = 0;
    boxes.forEach(function (box) {
      verdicts[box.value] = box.checked;
      all = all && box.checked;
    });
    rows.forEach(function (row, index) {
      var fits = verdicts[row.dataset.v] !== false && (wanted === '' || textOf(index).indexOf(wanted) >= 0);
      row.hidden = !fits;
      count += fits ? 1 : 0;
    });
    groups.forEach(function (group) {
      var any = group.querySelector('[data-v]:not([hidden])') !== null;
      group.hidden = !any;
      if (any && group.tagName === 'DETAILS' && (wanted !== '' || !all)) {
        group.open = true;
      }
    });
    shown.textContent = count + ' / ' + rows.length;
  }

  function later() {
    window.clearTimeout(timer);
    timer = window.setTimeout(apply, 150);
  }

  // Headings of what is folded away stay reachable: a link into a closed part opens it.
  function reveal() {
    var target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    for (var node = target; node !== null; node = node.parentElement) {
      if (node.tagName === 'DETAILS') {
        node.open = true;
      }
      if (node.hidden && node !== tools) {
        node.hidden = false;
      }
    }
    if (target !== null) {
      target.scrollIntoView();
    }
  }

  function fold(open) {
    Array.prototype.forEach.call(document.querySelectorAll('details'), function (details) {
      details.open = open;
    });
  }

  function speak() {
    document.documentElement.lang = document.getElementById('lang-en').checked ? 'en' : 'zh-CN';
  }

  search.addEventListener('input', later);
  search.addEventListener('change', apply);
  boxes.forEach(function (box) { box.addEventListener('change', apply); });
  document.getElementById('expand').addEventListener('click', function () { fold(true); });
  document.getElementById('collapse').addEventListener('click', function () { fold(false); });
  ['lang-both', 'lang-zh', 'lang-en'].forEach(function (id) {
    document.getElementById(id).addEventListener('change', speak);
  });
  window.addEventListener('hashchange', reveal);
  tools.hidden = false;
  speak();
  apply();
  reveal();
}());
