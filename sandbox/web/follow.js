// Deep links name the record after the #, which the server never sees.
"use strict";
if (location.hash.length > 2) {
  location.replace("/stand-in" + location.hash.slice(1));
}
