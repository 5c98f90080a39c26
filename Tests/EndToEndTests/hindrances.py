"""What hinders people on a page: axe-core's judgement, and whether anything sticks out of where it should be."""

from axe_playwright_python.sync_playwright import Axe

# WCAG 2.0 to 2.2, levels A and AA, and what axe-core calls best practices. No rule is left out.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Axe()


def violations(page, rules=None):
    """What axe-core finds, by all rules of the standards or by those named."""
    options = {"runOnly": {"type": "rule", "values": rules}} if rules else {"runOnly": {"type": "tag", "values": STANDARDS}}
    # This one is off unless it is asked for.
    options |= {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['html'][:200]}\n    {node['failureSummary'][:300]}"
        for violation in AXE.run(page, options=options).response["violations"]
        for node in violation["nodes"][:3]
    ]


# Text is looked at line by line: an element that is as wide as its box may hold a word that is wider. Lines may stick out by
# less than a pixel, since widths are rounded.
OVERFLOWS = """() => {
    const found = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth - root.clientWidth} pixels too wide`);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        let block = walker.currentNode.parentElement;
        while (getComputedStyle(block).display.startsWith('inline')) block = block.parentElement;
        const outer = block.getBoundingClientRect();
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        for (const line of range.getClientRects()) {
            if (line.left < outer.left - 1 || line.right > outer.right + 1) {
                found.push(`${block.tagName}: ${walker.currentNode.data.trim().slice(0, 80)}`);
                break;
            }
        }
    }
    return found;
}"""


def overflows(page):
    """What is wider than the window, or than the block of text that it stands in."""
    return page.evaluate(OVERFLOWS)
