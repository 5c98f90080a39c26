/// What was bought, as far as it can carry a partner of record.
package enum Product: String, CaseIterable, Codable, Sendable {
    case office365 = "office-365"
    case crm
    case intune
    case aadp

    /// As partners know it; no language translates it.
    package var name: String {
        switch self {
        case .office365: "Office 365"
        case .crm: "CRM Online"
        case .intune: "Microsoft Intune"
        case .aadp: "Azure AD Premium (AADP)"
        }
    }

    /// Where the customer looks for its subscription.
    package enum Portal: String, CaseIterable, Codable, Sendable {
        case officeCustomer = "office-customer"
        case intuneAccount = "intune-account"
    }

    /// Office 365 and CRM are in the Office Customer Portal, Intune and AADP in the Intune Account Portal (Microsoft Support,
    /// article 3185425).
    package var portal: Portal {
        switch self {
        case .office365, .crm: .officeCustomer
        case .intune, .aadp: .intuneAccount
        }
    }
}
