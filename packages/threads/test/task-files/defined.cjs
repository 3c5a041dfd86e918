"use strict";
const { pathToFileURL } = require("node:url");
const { defineTasks } = require("@quintet/core");

exports.legacy = defineTasks("legacy", pathToFileURL(__filename).href, {
  square: (n) => n * n,
});
