"use strict";
exports.triple = (n) => n * 3;
