// Signs webhooks in JavaScript, as the public guides describe it, so that the canonical forms are JavaScript's own.
//
// Each line of standard input is an object with a `body` (base64) and an `api_key`. Each line of standard output is an
// object with the signatures that Apideck may send, by reading and by encoding, and the canonical texts.
import { createHmac } from "node:crypto";
import { createInterface } from "node:readline";

/** Sorts the members of objects, at every level or outside arrays. */
function sorted(value, withinArrays) {
  if (Array.isArray(value)) {
    return withinArrays ? value.map((element) => sorted(element, true)) : value;
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name], withinArrays)]));
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const raw = Buffer.from(request.body, "base64");
  const body = JSON.parse(raw.toString());
  const readings = {
    sorted: JSON.stringify(sorted(body, true)),
    sorted_outside_arrays: JSON.stringify(sorted(body, false)),
    raw,
  };
  const signatures = {};
  for (const [reading, text] of Object.entries(readings)) {
    const signed = createHmac("sha256", request.api_key).update(text).digest();
    signatures[reading] = { hex: signed.toString("hex"), base64: signed.toString("base64") };
  }
  console.log(JSON.stringify({ signatures, sorted: readings.sorted }));
}
