/// On what an association rests.
package enum Evidence: String, CaseIterable, Codable, Sendable {
    /// The receipt of a sign-up that was attributed.
    case receipt
    /// Somebody entered the Partner ID here.
    case digital
    /// An Online Services Advisor form, on paper.
    case osaForm = "osa-form"
}
