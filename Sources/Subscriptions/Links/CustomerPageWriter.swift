internal import Attribution
internal import Office

/// Writes customers' pages. They have no script, no picture and nothing from elsewhere; every text but the page's own markup is
/// escaped.
struct CustomerPageWriter {
    let texts: CustomerTexts
    let shell: CustomerShell

    /// An ID and what it was mistaken for; more of what somebody entered helps nobody.
    private static let enteredScalars = 64

    /// A partner's name and ID on one line; the ID alone when there is no name.
    static func named(_ id: PartnerID, _ name: String?) -> String {
        name.map { "\(MailText.line($0)) (\(id))" } ?? id.description
    }

    // MARK: Pages

    /// The page on which the partner of record is looked up, set and removed.
    func page(_ view: CustomerView) -> [UInt8] {
        guard view.subscription.channel.carriesPartner else {
            return document(.titleNone, facts(of: view.subscription) + paragraph(.syndicated) + paragraph(.syndicatedTurn))
        }
        let current = view.subscription.association.map { Self.named($0.partner, view.currentName) } ?? texts.line(.nobody)
        var content = view.message.map(markup) ?? ""
        content += "<dl>\n" + rows(of: view.subscription) + row(.current, current) + "</dl>\n"
        if let offer = view.offer { content += form(submitting: offer, view) }
        content += form(checking: view) + paragraph(.scope)
        return document(view.subscription.association == nil ? .titleAdd : .titleEdit, content)
    }

    /// A page that has nothing but its sentences.
    func page(_ title: CustomerSentence, _ lines: [CustomerMessage.Line]) -> [UInt8] {
        document(title, lines.map { Self.paragraph(texts.line($0.sentence, $0.words)) }.joined())
    }

    private func document(_ title: CustomerSentence, _ content: String) -> [UInt8] {
        shell.page(language: texts.language.tag, title: texts.line(title), content: content)
    }

    // MARK: Parts

    private func facts(of subscription: Subscription) -> String { "<dl>\n" + rows(of: subscription) + "</dl>\n" }

    private func rows(of subscription: Subscription) -> String {
        row(.subscription, MailText.line(subscription.id)) + row(.product, subscription.product.name)
            + row(.portal, subscription.product.portal.name)
    }

    private func row(_ name: CustomerSentence, _ value: String) -> String {
        "<dt>\(html(name))</dt><dd>\(MarkupText.escaped(value))</dd>\n"
    }

    private func paragraph(_ sentence: CustomerSentence) -> String { Self.paragraph(texts.line(sentence)) }

    private static func paragraph(_ text: String) -> String { "<p>\(MarkupText.escaped(text))</p>\n" }

    private func html(_ sentence: CustomerSentence) -> String { MarkupText.escaped(texts.line(sentence)) }

    private func markup(_ message: CustomerMessage) -> String {
        let lines = message.lines.map { Self.paragraph(texts.line($0.sentence, $0.words)) }.joined()
        // Without script nothing is announced: a screen reader gets to it as the first thing below the title.
        return "<div class=\"message \(message.isBad ? "bad" : "done")\" id=\"message\">\n\(lines)</div>\n"
    }

    private func form(checking view: CustomerView) -> String {
        let isBad = view.message?.isBad ?? false
        let hasPartner = view.subscription.association != nil
        let described = ["hint"] + (hasPartner ? ["hint-remove"] : []) + (isBad ? ["message"] : [])
        let removal = hasPartner ? "<p class=\"hint\" id=\"hint-remove\">\(html(.hintRemove))</p>\n" : ""
        let entered = MarkupText.escaped(MailText.line(view.entered, atMost: Self.enteredScalars))
        return """
            <form method="post">
            \(hidden(.seen, String(view.subscription.changes)))<label for="partner">\(html(.field))</label>
            <input type="text" id="partner" name="partner" value="\(entered)" maxlength="\(Self.enteredScalars)" size="20" \
            inputmode="numeric" autocomplete="off" spellcheck="false" aria-describedby="\(described.joined(separator: " "))"\
            \(isBad ? " aria-invalid=\"true\"" : "")>
            <p class="hint" id="hint">\(html(.hint))</p>
            \(removal)\(button(.check, .check, isMain: view.offer == nil))</form>

            """
    }

    private func form(submitting partner: Partner, _ view: CustomerView) -> String {
        let programs = partner.enrolled
        let known = view.subscription.association.flatMap { $0.partner == partner.id ? $0.program : nil }
        let chosen = known.flatMap { programs.contains($0) ? $0 : nil } ?? programs.first
        var choice = ""
        if programs.count > 1 {
            choice = "<fieldset>\n<legend>\(html(.program))</legend>\n"
            for program in programs {
                let mark = program == chosen ? " checked" : ""
                choice +=
                    "<label class=\"choice\"><input type=\"radio\" name=\"program\" value=\"\(program.rawValue)\"\(mark)> "
                    + "\(MarkupText.escaped(program.name))</label>\n"
            }
            choice += "<p class=\"hint\">\(html(.hintProgram))</p>\n</fieldset>\n"
        } else if let chosen {
            choice = hidden(.program, chosen.rawValue)
        } else {
            choice = paragraph(.programNone)
        }
        let only = programs.count == 1 ? programs.first.map { row(.program, $0.name) } ?? "" : ""
        return """
            <form method="post" class="offer">
            <dl>
            \(row(.name, MailText.line(partner.name)))\(row(.field, partner.id.description))\(only)</dl>
            \(choice)\(hidden(.partner, partner.id.description))\(hidden(.seen, String(view.subscription.changes)))\
            \(paragraph(.found))\(button(.submit, .submit, isMain: true))</form>

            """
    }

    /// - Parameter value: letters, digits and hyphens.
    private func hidden(_ field: CustomerForm.Field, _ value: String) -> String {
        "<input type=\"hidden\" name=\"\(field.rawValue)\" value=\"\(value)\">\n"
    }

    private func button(_ action: CustomerForm.Action, _ text: CustomerSentence, isMain: Bool) -> String {
        let look = isMain ? " class=\"main\"" : ""
        return "<button type=\"submit\" name=\"\(CustomerForm.Field.action.rawValue)\" value=\"\(action.rawValue)\"\(look)>"
            + "\(html(text))</button>\n"
    }
}

extension Product.Portal {
    /// As its users know it; no language translates it.
    var name: String {
        switch self {
        case .officeCustomer: "Office Customer Portal"
        case .intuneAccount: "Intune Account Portal"
        }
    }
}

extension Program {
    /// As partners know it; no language translates it.
    var name: String {
        switch self {
        case .sell: "Online Services Sell"
        case .usage: "Online Services Usage (OSU)"
        }
    }
}
