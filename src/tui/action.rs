//! Everything a key, the palette or a menu can ask for. What keys they have is data: `assets/keys.toml`.

use serde::Deserialize;

use super::keymap::Context;

macro_rules! actions {
    ($($(#[$meta:meta])* $variant:ident = $word:literal,)+) => {
        /// Something a person can ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
        pub enum Action {
            $($(#[$meta])* #[serde(rename = $word)] $variant,)+
        }

        impl Action {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stable word for it, as in the keymap.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }
    };
}

actions! {
    /// One row down.
    Down = "down",
    /// One row up.
    Up = "up",
    /// To the first row.
    First = "first",
    /// To the last row.
    Last = "last",
    /// Half a page down.
    HalfDown = "half-down",
    /// Half a page up.
    HalfUp = "half-up",
    /// A page down.
    PageDown = "page-down",
    /// A page up.
    PageUp = "page-up",
    /// Opens the node.
    Open = "open",
    /// Closes the node, or goes to its parent.
    Close = "close",
    /// Opens every node.
    OpenAll = "open-all",
    /// Closes every node.
    CloseAll = "close-all",
    /// To the next problem.
    NextProblem = "next-problem",
    /// To the problem before.
    PreviousProblem = "previous-problem",
    /// To the next match of the filter.
    NextMatch = "next-match",
    /// To the match of the filter before.
    PreviousMatch = "previous-match",
    /// To the next pane.
    NextPane = "next-pane",
    /// To the pane before.
    PreviousPane = "previous-pane",
    /// To the next tab.
    NextTab = "next-tab",
    /// To the tab before.
    PreviousTab = "previous-tab",
    /// The tree.
    ViewTree = "view-tree",
    /// The problems.
    ViewProblems = "view-problems",
    /// The trace.
    ViewTrace = "view-trace",
    /// The changes.
    ViewChanges = "view-changes",
    /// The activity.
    ViewActivity = "view-activity",
    /// The view before this one.
    PreviousView = "previous-view",
    /// Types a filter.
    Filter = "filter",
    /// Opens the palette.
    Palette = "palette",
    /// Shows only problems, or everything.
    OnlyProblems = "only-problems",
    /// By hierarchy, by account, flat.
    Arrangement = "arrangement",
    /// Shows or hides private zones.
    PrivateZones = "private-zones",
    /// Sorts by the next column.
    Sort = "sort",
    /// Opens what is selected.
    Enter = "enter",
    /// Traces the name.
    Trace = "trace",
    /// Types another name to trace.
    EditQuery = "edit-query",
    /// Traces the same name again.
    TraceAgain = "trace-again",
    /// Traces it again and again, or no longer.
    TraceRepeat = "trace-repeat",
    /// Shows who owns each cut up to the root.
    Owners = "owners",
    /// Reads this zone again.
    Recheck = "recheck",
    /// Asks what to read again.
    Rescan = "rescan",
    /// Reads every account again.
    RescanAll = "rescan-all",
    /// Reads the account of the selection again.
    RescanAccount = "rescan-account",
    /// The accounts and logins.
    Accounts = "accounts",
    /// What failed.
    Errors = "errors",
    /// One pane, or both.
    Zoom = "zoom",
    /// Masks accounts, ids and addresses, or shows them.
    Privacy = "privacy",
    /// Gives up what was not read yet.
    CancelScan = "cancel-scan",
    /// Halts the scan, or goes on.
    PauseScan = "pause-scan",
    /// Asks what to copy.
    Copy = "copy",
    /// Copies the name.
    CopyName = "copy-name",
    /// Copies the id of the zone.
    CopyZoneId = "copy-zone-id",
    /// Copies the id of the account.
    CopyAccountId = "copy-account-id",
    /// Copies the ARN of the zone.
    CopyArn = "copy-arn",
    /// Copies what is shown as Markdown.
    CopyMarkdown = "copy-markdown",
    /// Copies what is shown as JSON.
    CopyJson = "copy-json",
    /// Copies the name servers of the zone.
    CopyNameServers = "copy-name-servers",
    /// Copies the command that mends it.
    CopyCommand = "copy-command",
    /// Copies the change as calls of the AWS command line.
    CopyAws = "copy-aws",
    /// Copies the change as Terraform or OpenTofu.
    CopyHcl = "copy-hcl",
    /// Copies the request to the owner of the zone above.
    CopyRequest = "copy-request",
    /// Copies the least IAM policy for delegating the name.
    CopyPolicy = "copy-policy",
    /// Copies the change as CDK.
    CopyCdk = "copy-cdk",
    /// Shows the text that was copied, or would be, to select by hand.
    ShowText = "show-text",
    /// Writes a report.
    Export = "export",
    /// Copies the address of the zone in the AWS console.
    Console = "console",
    /// Quits and leaves the screen as text.
    Leave = "leave",
    /// Delegates the zone.
    Delegate = "delegate",
    /// Takes a delegation and its zone out.
    Teardown = "teardown",
    /// Adds a record set to the zone.
    AddRecord = "add-record",
    /// Changes the record set.
    ChangeRecord = "change-record",
    /// Deletes the record set.
    DeleteRecord = "delete-record",
    /// Fixes the problem.
    Fix = "fix",
    /// Fixes what is marked.
    FixMarked = "fix-marked",
    /// Undoes a change.
    Undo = "undo",
    /// Goes on with a change that was left in the middle.
    Resume = "resume",
    /// Checks again, and drafts the change anew.
    RunChecks = "run-checks",
    /// Goes on in spite of a check, for a reason.
    Override = "override",
    /// Saves the plan as a file.
    SavePlan = "save-plan",
    /// Lets the change go on behind the other screens.
    Background = "background",
    /// Ends an apply after the call that is under way.
    StopApplying = "stop-applying",
    /// Passes over the finding that comes next.
    Skip = "skip",
    /// Marks the row.
    Mark = "mark",
    /// Marks a range of rows.
    MarkRange = "mark-range",
    /// What can be done here.
    Actions = "actions",
    /// Unlocks or locks writing.
    Unlock = "unlock",
    /// Closes, clears, goes back.
    Back = "back",
    /// Goes back, or quits.
    Quit = "quit",
    /// Quits.
    QuitNow = "quit-now",
    /// Suspends the program.
    Suspend = "suspend",
    /// Draws everything again.
    Redraw = "redraw",
    /// The help.
    Help = "help",
    /// Ticks or unticks an account.
    Toggle = "toggle",
    /// Ticks all accounts.
    TickAll = "tick-all",
    /// Unticks all accounts.
    TickNone = "tick-none",
    /// Sets the next theme.
    NextTheme = "next-theme",
    /// Switches between Unicode and ASCII marks.
    NextGlyphs = "next-glyphs",
}

impl Action {
    /// Whether it does anything while `context` has the keyboard. What lies on top for a moment does not judge what is below it.
    pub fn works_on(self, context: Context) -> bool {
        use Context::{Accounts, Activity, Changes, FirstRun, Problems, Trace, Tree, Unlock, Wizard, Zone};
        if !matches!(
            context,
            Tree | Zone | Problems | Trace | Changes | Activity | Accounts | FirstRun | Wizard | Unlock
        ) {
            return true;
        }
        match self {
            Self::OpenAll
            | Self::CloseAll
            | Self::OnlyProblems
            | Self::Arrangement
            | Self::PrivateZones
            | Self::Zoom => context == Tree,
            Self::Sort | Self::NextProblem | Self::PreviousProblem => matches!(context, Tree | Problems),
            Self::Open | Self::Close | Self::Filter | Self::NextMatch | Self::PreviousMatch => {
                matches!(context, Tree | Problems | Zone)
            }
            Self::NextPane | Self::PreviousPane => matches!(context, Tree | Zone | FirstRun | Wizard),
            Self::NextTab | Self::PreviousTab => matches!(context, Zone | Problems | Trace | Accounts | Changes),
            Self::EditQuery | Self::TraceAgain | Self::TraceRepeat => context == Trace,
            Self::Toggle => matches!(context, FirstRun | Wizard | Unlock),
            Self::TickAll | Self::TickNone => matches!(context, FirstRun | Unlock),
            Self::RunChecks | Self::Override | Self::Background | Self::StopApplying => context == Wizard,
            Self::SavePlan => matches!(context, Wizard | Changes),
            Self::Resume => context == Changes,
            Self::Undo => matches!(context, Changes | Wizard),
            Self::Skip => context == Context::Round,
            Self::Mark | Self::MarkRange | Self::FixMarked => context == Problems,
            Self::Fix => matches!(context, Problems | Zone | Tree),
            Self::Delegate | Self::Teardown => matches!(context, Problems | Zone | Tree),
            Self::AddRecord | Self::ChangeRecord | Self::DeleteRecord => context == Zone,
            _ => true,
        }
    }
}
