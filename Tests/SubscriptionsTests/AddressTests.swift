import Testing

@testable import Subscriptions

@Suite("Addresses")
struct AddressTests {
    @Test(
        "of a name and a domain are taken",
        arguments: ["mpn@partner.example", "a@b.de", "first.last+tag@sub.partner-one.example", "o'neil/x=y@PARTNER.example"])
    func taken(text: String) throws {
        #expect(try #require(MailAddress(text)).description == text)
    }

    @Test(
        "that could be more than one, or end a header, or be an option, are none",
        arguments: [
            "", "@", "a@", "@b.example", "a@b", "a@b@c.example", "a b@c.example", "a@b.example,c@d.example",
            "a@b.example\r\nBcc: x@y.example", "a@b.example\n", "a\0@b.example", "<a@b.example>", "\"a b\"@c.example",
            "a@[192.0.2.1]", "a@192.0.2.1", "a@-b.example", "a@b-.example", "a@b..example", ".a@b.example", "a.@b.example",
            "a..b@c.example", "-oQ/tmp@b.example", "é@b.example", "a@é.example", "a@b.example.", "a;b@c.example",
            String(repeating: "a", count: 65) + "@b.example", "a@" + String(repeating: "b", count: 64) + ".example",
        ])
    func refused(text: String) {
        #expect(MailAddress(text) == nil)
    }

    @Test(
        "may have a name in front",
        arguments: [
            ("a@b.example", nil), ("<a@b.example>", nil), ("Sign-ups <a@b.example>", "Sign-ups"),
            ("  \"Sign-ups, of Example\"  <a@b.example> ", "Sign-ups, of Example"), ("Éditions 登録<a@b.example>", "Éditions 登録"),
        ] as [(String, String?)])
    func mailboxes(text: String, name: String?) throws {
        let mailbox = try #require(Mailbox(text))
        #expect(mailbox.name == name)
        #expect(mailbox.address.description == "a@b.example")
    }

    @Test(
        "with a name are one line and one address",
        arguments: [
            "", "Name", "Name a@b.example", "Name <a@b.example", "A <a@b.example>, B <c@d.example>", "A\nB <a@b.example>",
            "A\r\nBcc: x <a@b.example>", "A \"B\" <a@b.example>", "A\\ <a@b.example>", "\u{202E}A <a@b.example>",
            "A <a@b.example> ;", String(repeating: "n", count: 101) + " <a@b.example>",
        ])
    func noMailboxes(text: String) {
        #expect(Mailbox(text) == nil)
    }
}
