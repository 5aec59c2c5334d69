/*
 * One binding of Timelatch: one access entry, one access policy on it, and two grants that overlap.
 *
 * docs/adr/model-checking.md says what is abstracted away and what each run shows; model/runs.ts
 * lists the runs, each of which sets some of the macros below. Every rule of the protocol that a
 * run breaks on purpose is marked here by the #ifdef of its name.
 */

/* How often each fault may strike in one history. */
#ifndef CRASHES
#define CRASHES 1   /* converge dies between two writes, or with a call under way */
#endif
#ifndef UNKNOWNS
#define UNKNOWNS 1  /* a call gets no answer: it was applied, or is later, or never */
#endif
#ifndef BUSIES
#define BUSIES 1    /* a call is turned away, and nothing was done */
#endif
#ifndef EDITS
#define EDITS 1     /* somebody else changes the entry */
#endif
#ifndef LATE
#define LATE 1      /* calls under way at once whose answer nobody waits for */
#endif
#ifdef NO_SERIALIZATION
#define WORKERS 2
#else
#define WORKERS 1   /* the queue's message group lets one worker at a binding */
#endif

/* Elements of the association's scope. */
#define A 1                                 /* lent by both grants */
#define B 2                                 /* lent by the second */
#define C 4                                 /* lent by none */
#define LENDS0 A
#define LENDS1 (A | B)

/* A grant's states; `failed` would be FINAL too. */
#define NONE 0
#define APPROVED 1
#define ACTIVE 2
#define ENDING 3
#define FINAL 4
#define OPEN(state) (state >= APPROVED && state <= ENDING)
#define LIVE(state) (state == APPROVED || state == ACTIVE)

/* Whose entry it is: the token in its tag, as against the ledger's. */
#define FOREIGN 0
#define CURRENT 1
#define FORMER 2

/* The accessEntryArn in a ledger, as against the entry that is there. */
#define UNPINNED 0
#define PINNED 1
#define STALE 2

/* Calls to EKS. */
#define CREATE 1
#define ASSOCIATE 2
#define DISASSOCIATE 3
#define DELETE 4

typedef Ledger {
  bit stored;               /* there is one */
  bit owned;
  bit spent;                /* an entry was made with its token and is gone */
  bit held;                 /* the policy is among its targets */
  bit uncertain;            /* now < uncertainUntil */
  bit open;                 /* uncertainUntil is set: nothing was read since it passed */
  unsigned pin : 2;
  unsigned baseline : 3;
  unsigned seen : 3;
  unsigned attempted : 3
};

typedef Call {
  unsigned kind : 3;        /* 0: none */
  unsigned scope : 3;
  unsigned token : 2
};

/* What a worker has in memory, all of which a crash takes. */
typedef Memory {
  Ledger ledger;
  unsigned view0 : 3; unsigned view1 : 3;   /* the grants as read; 0: not in the book */
  bit over0; bit over1;                     /* their time was over when the pass began */
  bit live0; bit live1;                     /* they give access now */
  bit lost0; bit lost1;                     /* a step of theirs was lost to somebody else's */
  bit entry; bit others;                    /* the entry as read */
  unsigned scope : 3;
  bit replaced; bit explained;              /* it is another entry than before; ours may be on it */
  unsigned step1 : 3; unsigned step2 : 3;
  unsigned desired : 3;
  bit gap;                                  /* since the read on which the coming changes rest */
  bit intent;                               /* this pass wrote one, and has not ended */
  bit unknown;                              /* this pass leaves a window of its own behind */
  bit unfinished;
  bit readBack;
  bit certain;                              /* nothing of ours could land after it was read */
  bit moved;                                /* something else changed the entry since it was read */
  bit stirred;                              /* the same, since the pass first read it */
  bit busy                                  /* a pass is under way */
};

/* The requests table, time, Scheduler. */
unsigned grant0 : 3; unsigned grant1 : 3;
bit over0; bit over1;                       /* now >= revokeAt */
bit armed0; bit armed1;                     /* there is a schedule, or was until it fired */

/* The ledger table, and the workers. */
Ledger table;
Memory m[WORKERS];

/* EKS. `others` is another policy's association, which no grant touches. */
bit entry; bit others;
unsigned token : 2;
unsigned scope : 3;
#if LATE > 0
Call late[LATE];
#define NOTHING_LATE (late[0].kind == 0 && late[LATE - 1].kind == 0)
#else
#define NOTHING_LATE true
#endif

/* What others want, for the properties alone. `used`: they have put something on this entry. */
unsigned theirs : 3;
bit theirOthers; bit theirEntry; bit used;

unsigned crashes : 2; unsigned unknowns : 2; unsigned busies : 2; unsigned edits : 2;

bit fires0; bit fires1;                     /* the schedule is there and has not fired */
#ifdef LIVENESS
bit message;                                /* at least one waits in the queue */
bit due;                                    /* for the sweep */
#define LIVENESS_ONLY(statement) statement
#else
/* For safety converge runs whenever it likes, which no queue, schedule or sweep can exceed. */
#define LIVENESS_ONLY(statement) skip
#endif

/* Whether a new entry would follow one for which a call of ours may be under way. */
#define SUCCEEDS(kept) (kept.spent || kept.pin == STALE)

#define GAP (m[0].gap || m[WORKERS - 1].gap)

inline copy(from, to) {
  to.stored = from.stored; to.owned = from.owned; to.spent = from.spent; to.held = from.held;
  to.uncertain = from.uncertain; to.open = from.open; to.pin = from.pin;
  to.baseline = from.baseline; to.seen = from.seen; to.attempted = from.attempted
}

inline clearLedger(kept) {
  kept.stored = 0; kept.owned = 0; kept.spent = 0; kept.held = 0; kept.uncertain = 0;
  kept.open = 0; kept.pin = UNPINNED; kept.baseline = 0; kept.seen = 0; kept.attempted = 0
}

inline unpin(kept) {
  if :: kept.pin == PINNED -> kept.pin = STALE :: else fi
}

/* An entry that goes takes everything on it along, and its ARN never comes again. */
inline entryGoes() {
  entry = 0; token = FOREIGN; scope = 0; others = 0; used = 0;
  unpin(table); unpin(m[0].ledger); unpin(m[WORKERS - 1].ledger)
}

inline outdate(tag) {
  if :: tag == CURRENT -> tag = FORMER :: else fi
}

/* What carries the token that a ledger gives up carries nobody's from then on. */
inline renewToken() {
  outdate(token);
#if LATE > 0
  outdate(late[0].token); outdate(late[LATE - 1].token)
#endif
}

/* What EKS makes of a call when it lands. */
inline land(called, wanted, tag) {
  if
  :: called == CREATE && !entry -> entry = 1; token = tag
  :: called == ASSOCIATE && entry -> scope = wanted
  :: called == DISASSOCIATE && entry -> scope = 0
  :: called == DELETE && entry -> entryGoes()
  :: else
  fi
}

#if LATE > 0
#define ROOM (late[0].kind == 0 || late[LATE - 1].kind == 0)
inline leave(called, wanted) {
  if
  :: late[0].kind == 0 -> slot = 0
  :: else -> slot = LATE - 1
  fi;
  late[slot].kind = called;
  late[slot].scope = (called == ASSOCIATE -> wanted : 0);
  late[slot].token = (called == CREATE -> CURRENT : 0);
  slot = 0
}
#else
#define ROOM false
inline leave(called, wanted) { skip }
#endif

/* Says which property does not hold, since an assertion says only where. */
#define HOLD(condition, otherwise) if :: (condition) :: else -> printf(otherwise); assert(false) fi

/* One step of a grant, on condition that nobody else stored one since the view. */
inline save(state, known, beaten, next) {
  if
#ifdef NO_VERSION_CONDITION
  :: false
#else
  :: state != known -> beaten = 1; known = 0
#endif
  :: else ->
     HOLD(state < next, "a grant went back to an earlier state\n");
     state = next; known = (next == FINAL -> 0 : next);
     LIVENESS_ONLY(due = 1)
  fi
}

/*
 * Reads the entry: what is there, whether anything of ours may still land after this, and whose
 * entry it is, by its ARN or by the token of a create whose answer was never seen.
 */
inline readEntry(w) {
  m[w].entry = entry; m[w].others = others; m[w].scope = scope;
  m[w].moved = 0;
  m[w].certain = !m[w].ledger.uncertain;
  m[w].replaced = 0; m[w].explained = 1;
  /* What was under way for a former entry may have landed on this one. */
  m[w].ledger.spent = m[w].ledger.spent || m[w].ledger.pin == STALE;
  if
  :: !entry ->
     m[w].ledger.spent = m[w].ledger.spent || (m[w].ledger.attempted && m[w].certain);
     m[w].ledger.owned = 0; m[w].ledger.pin = UNPINNED
  :: entry && m[w].ledger.pin != PINNED ->
     if
#ifndef OWN_ENTRY_TAKEN_AS_FOREIGN
     :: token == CURRENT -> m[w].ledger.owned = 1
#endif
     :: else ->
        /* A newcomer's content is its maker's, except what a call of ours may have put there. */
#ifdef NEWCOMER_TAKEN_AS_ATTEMPTED
        m[w].replaced = (m[w].ledger.pin == STALE);
        m[w].explained = !m[w].replaced || m[w].ledger.open || m[w].intent;
#else
        m[w].replaced = 1;
        m[w].explained = (m[w].ledger.spent && (m[w].ledger.open || m[w].intent));
#endif
        m[w].ledger.owned = 0
     fi;
     m[w].ledger.pin = PINNED
  :: else
  fi;
  if :: m[w].certain -> m[w].ledger.open = 0 :: else fi
}

/* Brings the ledger in memory up to what was read: what others changed becomes the baseline. */
inline observe(w) {
  if
  :: !m[w].ledger.held && (m[w].live0 || m[w].live1) ->
     m[w].ledger.held = 1;
#ifndef BASELINE_IGNORED
     m[w].ledger.baseline = m[w].scope;
#endif
     m[w].ledger.seen = m[w].scope; m[w].ledger.attempted = m[w].scope
  :: m[w].ledger.held && !m[w].replaced &&
     (m[w].scope == m[w].ledger.seen || m[w].scope == m[w].ledger.attempted) ->
     m[w].ledger.seen = m[w].scope
  :: m[w].ledger.held && (m[w].replaced ||
     (m[w].scope != m[w].ledger.seen && m[w].scope != m[w].ledger.attempted)) ->
     ours = (m[w].view0 -> LENDS0 : 0) | (m[w].view1 -> LENDS1 : 0);
#ifndef LOST_STEP_FORGETS_CLAIM
     ours = ours | (m[w].lost0 -> LENDS0 : 0) | (m[w].lost1 -> LENDS1 : 0);
#endif
     if :: !m[w].explained -> ours = 0 :: else fi;
#ifndef EDITS_IGNORED
     m[w].ledger.baseline = m[w].scope & (7 - (ours & (7 - m[w].ledger.baseline)));
#endif
     m[w].ledger.seen = m[w].scope; m[w].ledger.attempted = m[w].scope;
     ours = 0
  :: else
  fi
}

/* What should be, and the calls that make it so. */
inline plan(w) {
  if
  :: m[w].ledger.held ->
#ifdef LAST_SCOPE_WINS
     m[w].desired = (m[w].live0 -> LENDS0 : (m[w].live1 -> LENDS1 : 0)) | m[w].ledger.baseline
#else
     m[w].desired = (m[w].live0 -> LENDS0 : 0) | (m[w].live1 -> LENDS1 : 0) | m[w].ledger.baseline
#endif
  :: else
  fi;
  if
  :: !m[w].entry && m[w].desired -> m[w].step1 = CREATE; m[w].step2 = ASSOCIATE
#ifdef DELETE_ALWAYS
  :: m[w].entry && !m[w].desired -> m[w].step1 = DELETE
#else
  :: m[w].entry && !m[w].desired && m[w].ledger.owned &&
     !m[w].others && (m[w].ledger.held || !m[w].scope) -> m[w].step1 = DELETE
#endif
  :: else ->
     if
     :: m[w].entry && m[w].ledger.owned && !m[w].desired -> m[w].ledger.owned = 0
     :: else
     fi;
     if
     :: !m[w].entry || !m[w].ledger.held || m[w].scope == m[w].desired
     :: else ->
#ifdef BLIND_DISASSOCIATE
        m[w].step1 = DISASSOCIATE; m[w].step2 = (m[w].desired -> ASSOCIATE : 0)
#else
        m[w].step1 = (m[w].desired -> ASSOCIATE : DISASSOCIATE)
#endif
     fi
  fi
}

/* Before the first change: what will be attempted, and that an unanswered call may still land. */
inline writeIntent(w) {
  if
  :: m[w].step1 == CREATE && m[w].ledger.spent ->
#ifdef TOKEN_FORGOTTEN_WHILE_UNCERTAIN
     renewToken(); m[w].ledger.spent = 0
#else
     /* Until nothing can land any more, the entry of either token is ours. */
     if :: m[w].certain -> renewToken(); m[w].ledger.spent = 0 :: else fi
#endif
  :: else
  fi;
  m[w].ledger.stored = 1;
  m[w].ledger.attempted = (m[w].step1 == DELETE -> 0 : m[w].desired);
  copy(m[w].ledger, table);
  table.uncertain = 1; table.open = 1;
  m[w].intent = 1
}

inline clearMemory(w) {
  clearLedger(m[w].ledger);
  m[w].view0 = 0; m[w].view1 = 0; m[w].over0 = 0; m[w].over1 = 0; m[w].live0 = 0; m[w].live1 = 0;
  m[w].lost0 = 0; m[w].lost1 = 0; m[w].entry = 0; m[w].others = 0; m[w].scope = 0; m[w].replaced = 0; m[w].explained = 0;
  m[w].step1 = 0; m[w].step2 = 0; m[w].desired = 0; m[w].gap = 0; m[w].intent = 0;
  m[w].unknown = 0; m[w].unfinished = 0; m[w].readBack = 0; m[w].certain = 0; m[w].moved = 0; m[w].stirred = 0;
  m[w].busy = 0
}

#define CRASH crashes < CRASHES -> crashes++; goto crashed

/* A schedule exists before the access that it ends. */
inline arm(state, known, gives, past, timer, goesOff) {
  if
  :: known == APPROVED && gives ->
     if
     :: atomic { timer = 1; LIVENESS_ONLY(goesOff = 1) }
     :: atomic { busies < BUSIES -> busies++; gives = 0; m[w].unfinished = 1 }
     :: atomic { CRASH }
     fi
  :: else
  fi
}

/* One call to EKS, and the ways in which it may go. */
inline call(does) {
  if
  :: atomic { does == CREATE && entry -> goto taken }
  :: atomic { !(does == CREATE && entry) -> land(does, m[w].desired, CURRENT) }
  :: atomic { busies < BUSIES -> busies++; m[w].unfinished = 1; if :: does == CREATE -> m[w].step2 = 0 :: else fi }
  :: atomic {
       unknowns < UNKNOWNS -> unknowns++; m[w].unfinished = 1; m[w].unknown = 1;
       if
       :: land(does, m[w].desired, CURRENT)
       :: ROOM -> leave(does, m[w].desired)
       fi;
       if :: does == CREATE -> m[w].step2 = 0 :: else fi
     }
  :: atomic { CRASH }
  :: atomic { ROOM && crashes < CRASHES -> crashes++; leave(does, m[w].desired); goto crashed }
  fi
}

inline expire(state, known, past, beaten) {
  if
  :: LIVE(known) && past ->
     if
     :: atomic { save(state, known, beaten, ENDING) }
     :: atomic { CRASH }
     fi
  :: else
  fi
}

/* What is there without this grant. A policy that the ledger does not hold was never touched. */
#ifdef UNTOUCHED_TAKEN_AS_OURS
#define BASELINE(w) m[w].ledger.baseline
#else
#define BASELINE(w) (m[w].ledger.held -> m[w].ledger.baseline : 7)
#endif
#define EXPLAINED(w, live, lends) (BASELINE(w) | (live -> lends : 0))

#ifdef NO_UNCERTAIN_WINDOW
#define CERTAIN(w) m[w].readBack
#else
#ifdef CERTAIN_WHEN_TOLD
#define CERTAIN(w) (m[w].readBack && !m[w].ledger.uncertain)
#else
#define CERTAIN(w) (m[w].readBack && m[w].certain)
#endif
#endif

/* Tells of one grant what was seen. */
inline conclude(state, known, gives, lends, otherLive, otherLends, beaten) {
  if
  :: known == APPROVED && gives && m[w].readBack && (m[w].scope & lends) == lends ->
     if
     :: atomic { HOLD(m[w].moved || (scope & lends) == lends, "a grant was told active without its access\n"); save(state, known, beaten, ACTIVE) }
     :: atomic { CRASH }
     fi
  :: known == ENDING && CERTAIN(w) &&
     !(m[w].scope & lends & (7 - EXPLAINED(w, otherLive, otherLends))) ->
     if
     :: atomic { save(state, known, beaten, FINAL) }
     :: atomic { CRASH }
     fi
  :: else ->
     /* Evidence, if there is any, is a step as well, and may be lost to somebody else's. */
     if
     :: atomic { known && state != known -> beaten = 1; known = 0 }
     :: skip
     fi
  fi
}

/* When the ledger may go: with the last grant, once what was read needs no step and nothing can land. */
#define NONE_LEFT(w) (!m[w].view0 && !m[w].view1 && !m[w].lost0 && !m[w].lost1)
#define OURS_LEFT(w) (m[w].entry && m[w].ledger.owned && !m[w].ledger.baseline && !m[w].others)
#ifdef LEDGER_FORGOTTEN_EARLY
#define FORGETTABLE(w) (!m[w].live0 && !m[w].live1)
#else
#ifdef LEDGER_FORGOTTEN_WITH_ENTRY_LEFT
#define FORGETTABLE(w) (NONE_LEFT(w) && !m[w].ledger.uncertain)
#else
#define FORGETTABLE(w) (NONE_LEFT(w) && !m[w].ledger.uncertain && !OURS_LEFT(w))
#endif
#endif

proctype Converge(byte w) {
  unsigned ours : 3;
  bit slot;

end_idle:
  atomic {
#ifdef LIVENESS
    message -> message = 0;
#else
    OPEN(grant0) || OPEN(grant1) || table.stored;
#endif
again:
    skip;
    d_step {
      clearMemory(w);
      m[w].busy = 1;
      m[w].view0 = (OPEN(grant0) -> grant0 : 0); m[w].view1 = (OPEN(grant1) -> grant1 : 0);
      m[w].over0 = over0; m[w].over1 = over1;
      if
      :: table.stored -> copy(table, m[w].ledger)
      :: !table.stored && (m[w].view0 || m[w].view1) -> renewToken()
      :: else
      fi
    }
    if
    :: !m[w].view0 && !m[w].view1 && !table.stored -> goto park
    :: else
    fi
  }

  expire(grant0, m[w].view0, m[w].over0, m[w].lost0);
  expire(grant1, m[w].view1, m[w].over1, m[w].lost1);

  if
  :: atomic { busies < BUSIES -> busies++; m[w].unfinished = 1; goto park }
  :: d_step {
       readEntry(w);
       m[w].stirred = 0;
       m[w].gap = 1;
       m[w].live0 = LIVE(m[w].view0) && !m[w].over0;
       m[w].live1 = LIVE(m[w].view1) && !m[w].over1
     }
  fi;

#ifndef ACCESS_BEFORE_SCHEDULE
  arm(grant0, m[w].view0, m[w].live0, m[w].over0, armed0, fires0);
  arm(grant1, m[w].view1, m[w].live1, m[w].over1, armed1, fires1);
#endif

  d_step { observe(w); plan(w) }

  if
  :: !m[w].step1 ->
     atomic { m[w].gap = 0; m[w].readBack = 1 };
     if
     :: (m[w].view0 == APPROVED && m[w].live0) || (m[w].view1 == APPROVED && m[w].live1) ->
        if
        :: d_step { m[w].ledger.stored = 1; copy(m[w].ledger, table) }
        :: atomic { CRASH }
        fi
     :: else
     fi
  :: else ->
#ifndef NO_INTENT
     if
     :: d_step { writeIntent(w) }
     :: atomic { CRASH }
     fi;
#endif
     call(m[w].step1);
     if
     :: m[w].step2 -> call(m[w].step2)
     :: else
     fi;
     m[w].gap = 0;
#ifdef ACCESS_BEFORE_SCHEDULE
     arm(grant0, m[w].view0, m[w].live0, m[w].over0, armed0, fires0);
     arm(grant1, m[w].view1, m[w].live1, m[w].over1, armed1, fires1);
#endif
     if
#ifdef TOLD_BEFORE_SEEN
     :: d_step { m[w].scope = m[w].desired; m[w].moved = 0; m[w].readBack = 1; m[w].certain = !m[w].unknown }
#else
     :: d_step {
          readEntry(w); observe(w); m[w].readBack = 1;
          if :: m[w].unknown -> m[w].certain = 0; m[w].ledger.uncertain = 1; m[w].ledger.open = 1 :: else fi
        }
     :: atomic {
          busies < BUSIES -> busies++;
          m[w].unfinished = 1; m[w].unknown = 1; m[w].certain = 0; m[w].ledger.uncertain = 1; m[w].ledger.open = 1
        }
#endif
     :: atomic { CRASH }
     fi
  fi;

  conclude(grant0, m[w].view0, m[w].live0, LENDS0, m[w].live1, LENDS1, m[w].lost0);
  conclude(grant1, m[w].view1, m[w].live1, LENDS1, m[w].live0, LENDS0, m[w].lost1);

  /* Takes down the timers of what is over, and forgets the ledger with the last grant. */
#ifdef LIVENESS
  atomic {
    if :: grant0 == FINAL -> fires0 = 0 :: else fi;
    if :: grant1 == FINAL -> fires1 = 0 :: else fi
  }
#endif
  if
  :: atomic { CRASH }
  :: d_step {
       /* A pass that nothing disturbed leaves every live grant its access. */
       HOLD(m[w].unfinished || m[w].stirred || m[w].lost0 || m[w].lost1 ||
            ((!m[w].live0 || (scope & LENDS0) == LENDS0) && (!m[w].live1 || (scope & LENDS1) == LENDS1)),
            "a live grant was left without its access\n");
       if
       :: FORGETTABLE(w) -> clearLedger(table)
       :: else ->
          if :: !m[w].view0 && !m[w].view1 -> m[w].unfinished = 1 :: else fi;
          m[w].ledger.stored = 1;
          copy(m[w].ledger, table)
       fi;
       m[w].intent = 0
     }
  fi;

park:
  atomic {
    /* A grant whose access was not seen yet is looked at again. */
#ifndef UNSEEN_SLEEPS
    if
    :: (m[w].view0 == APPROVED && !m[w].over0) || (m[w].view1 == APPROVED && !m[w].over1) ->
       m[w].unfinished = 1
    :: else
    fi;
#endif
    if
#ifndef ENDING_SLEEPS
    :: m[w].view0 == ENDING || m[w].view1 == ENDING -> m[w].unfinished = 1
#endif
    :: m[w].view0 == ACTIVE || m[w].view1 == ACTIVE || m[w].lost0 || m[w].lost1 -> m[w].unfinished = 1
    :: else
    fi;
    HOLD(m[w].unfinished || (m[w].view0 != APPROVED && m[w].view1 != APPROVED),
         "a grant that waits for its access sleeps until it is over\n");
#ifdef LIVENESS
    if
    :: m[w].lost0 || m[w].lost1 -> goto again
    :: else
    fi;
    /* Parked under the version that was read: a later step leaves the binding due. */
    if
    :: (OPEN(grant0) && grant0 != m[w].view0) || (OPEN(grant1) && grant1 != m[w].view1) -> due = 1
    :: else -> due = m[w].unfinished
    fi;
#endif
    d_step { clearMemory(w) };
    goto end_idle
  }

  /* An entry came in between: everything is planned anew. */
taken:
#ifdef LIVENESS
  atomic { goto again }
#else
  atomic { d_step { clearMemory(w) }; goto end_idle }
#endif

crashed:
  atomic {
    d_step { clearMemory(w) };
    LIVENESS_ONLY(message = 1);           /* its message comes back */
    goto end_idle
  }
}

inline disturb() {
  if :: m[0].busy -> m[0].moved = 1; m[0].stirred = 1 :: else fi;
  if :: m[WORKERS - 1].busy -> m[WORKERS - 1].moved = 1; m[WORKERS - 1].stirred = 1 :: else fi
}

inline front() {
#ifdef LIVENESS
  due = 1;
  if :: message = 1 :: skip fi
#else
  skip
#endif
}

inline fire() {
#ifdef LIVENESS
#if defined(NO_SWEEP) && !defined(SCHEDULE_LOST)
  message = 1
#else
  if :: message = 1 :: skip fi
#endif
#else
  skip
#endif
}

/* Everything that happens by itself, each thing once. */
proctype World() {
  bit slot;

end:
  do
  /* The front approves; its message to converge may be lost. */
  :: atomic { grant0 == NONE -> grant0 = APPROVED; front() }
  :: atomic { grant1 == NONE -> grant1 = APPROVED; front() }
  /* A person revokes, returns or cancels. */
  :: atomic { LIVE(grant0) -> grant0 = ENDING; front() }
  :: atomic { LIVE(grant1) -> grant1 = ENDING; front() }
  :: atomic { OPEN(grant0) && !over0 -> over0 = 1; LIVENESS_ONLY(due = (LIVE(grant0) -> 1 : due)) }
  :: atomic { OPEN(grant1) && !over1 -> over1 = 1; LIVENESS_ONLY(due = (LIVE(grant1) -> 1 : due)) }
#ifdef LIVENESS
  :: atomic { fires0 && over0 -> fires0 = 0; fire() }
  :: atomic { fires1 && over1 -> fires1 = 0; fire() }
#endif
  /* A call without an answer lands, or never does. */
#if LATE > 0
  :: atomic {
       if
       :: late[0].kind -> slot = 0
       :: late[LATE - 1].kind -> slot = LATE - 1
       fi;
       if
       :: land(late[slot].kind, late[slot].scope, late[slot].token)
       :: skip
       fi;
       late[slot].kind = 0; late[slot].scope = 0; late[slot].token = 0; slot = 0;
       disturb()
     }
#endif
  /* uncertainUntil passes: what has not landed by then never will. */
  :: atomic {
       NOTHING_LATE && !m[0].intent && !m[WORKERS - 1].intent && table.uncertain ->
       table.uncertain = 0; m[0].ledger.uncertain = 0; m[WORKERS - 1].ledger.uncertain = 0
     }
  :: atomic { NOTHING_LATE && m[0].intent && !m[0].unknown && m[0].ledger.uncertain -> m[0].ledger.uncertain = 0 }
  /* Others' edits, none of them in a gap that EKS leaves to nobody's protection. */
  :: atomic {
       edits < EDITS && !GAP && NOTHING_LATE -> edits++;
       if
       :: entry && !(scope & C) -> scope = scope | C; theirs = theirs | C; used = 1
       :: scope & C -> scope = scope & (A | B); theirs = theirs & (A | B)
       :: scope & A -> scope = scope & (B | C); theirs = theirs & (B | C)
       :: entry && !others -> others = 1; theirOthers = 1; used = 1
       :: others -> others = 0; theirOthers = 0
       :: entry -> entryGoes(); theirs = 0; theirOthers = 0; theirEntry = 0
       :: !entry -> entry = 1; token = FOREIGN; theirEntry = 1;
          if
          :: skip
          :: scope = C; theirs = C
          :: !table.open || !(SUCCEEDS(table) || SUCCEEDS(m[0].ledger)) -> scope = A; theirs = A
          fi
       fi;
       disturb()
     }
  od
}

#ifdef LIVENESS
/* Sends what is due, for ever. Where nothing is, time passes: a history that halts is one that never ends. */
proctype Sweep() {
end:
  do
#ifdef NO_SWEEP
  :: skip -> skip
#else
  :: atomic { due && !message -> message = 1 }
  :: !due || message -> skip
#endif
  od
}
#endif

/* What a grant that has a schedule and is not over explains. */
#define EXPLAINED0 ((OPEN(grant0) && armed0) -> LENDS0 : 0)
#define EXPLAINED1 ((OPEN(grant1) && armed1) -> LENDS1 : 0)

/* No more than others want and open grants explain; nothing after the last word, nothing without a schedule. */
#define BOUNDED (!(scope & (7 - (theirs | EXPLAINED0 | EXPLAINED1))))
/* What others want is there, at every moment. */
#define KEPT (!(theirs & (7 - scope)) && (others || !theirOthers) && (entry || !theirEntry))
/* Without a ledger nothing of ours is there, nor can come. */
#define KNOWN (table.stored || (scope == theirs && (!entry || theirEntry || used) && NOTHING_LATE))

#ifndef LIVENESS
active proctype Monitor() {
end:
  atomic {
    if
    :: !BOUNDED -> printf("there is more access than anybody explains\n")
    :: !KEPT -> printf("something that others made is gone\n")
    :: !KNOWN -> printf("something of ours is there without a ledger\n")
    /* Not faults: that these are reached shows that the runs above see what they should. */
#ifdef REACHES_BOTH_ACTIVE
    :: grant0 == ACTIVE && grant1 == ACTIVE && (scope & C) && crashes && edits ->
       printf("reached: both grants active, after a crash and an edit\n")
#endif
#ifdef REACHES_LATE_END
    :: grant0 == FINAL && grant1 == FINAL && !table.stored && unknowns && crashes ->
       printf("reached: both grants ended, after a crash and a call without an answer\n")
#endif
    fi;
    assert(false)
  }
}
#endif

#define ENDED (grant0 == FINAL && grant1 == FINAL && !table.stored)
#define GONE (scope == theirs)

#ifdef NO_SWEEP
ltl gone { <> [] (GONE) }
#else
#ifdef LIVENESS
ltl ended { <> (ENDED) }
#endif
#endif

init {
  atomic {
    if
    :: skip
    :: entry = 1; theirEntry = 1
    :: entry = 1; theirEntry = 1; scope = A; theirs = A
    :: entry = 1; theirEntry = 1; scope = C; theirs = C
    fi;
    run Converge(0);
#ifdef NO_SERIALIZATION
    run Converge(1);
#endif
    run World();
#ifdef LIVENESS
    run Sweep()
#endif
  }
}
