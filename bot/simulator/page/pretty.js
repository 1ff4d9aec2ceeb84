// Indents XML and JSON for reading. What it cannot parse it leaves exactly as it came.

const STEP = "  ";
const escape = (text) => text.replace(/[&<>]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[letter]);

function leaf(node) {
  return node.nodeType === Node.CDATA_SECTION_NODE ? `<![CDATA[${node.data}]]>` : escape(node.data);
}

function element(node, indent) {
  const attributes = [...node.attributes].map((one) => ` ${one.name}="${escape(one.value)}"`).join("");
  const start = `${indent}<${node.nodeName}${attributes}`;
  if (!node.childNodes.length) return `${start}/>`;
  if (!node.childElementCount) {
    const words = [...node.childNodes].filter((child) => "data" in child).map(leaf).join("");
    return `${start}>${words}</${node.nodeName}>`;
  }
  const inner = [...node.children].map((child) => element(child, indent + STEP)).join("\n");
  return `${start}>\n${inner}\n${indent}</${node.nodeName}>`;
}

export function pretty(body) {
  const text = (body ?? "").trim();
  if (text.startsWith("<")) {
    const parsed = new DOMParser().parseFromString(text, "application/xml");
    return parsed.querySelector("parsererror") ? text : element(parsed.documentElement, "");
  }
  if (text.startsWith("{")) {
    try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
  }
  return text;
}
