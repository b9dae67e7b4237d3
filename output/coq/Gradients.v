(** Finite sums, partial derivatives and the laws of derivations, over the real numbers, for every size.

    A statement uses the definitions of the first part only. Indices run from 0 to the size minus 1. Functions are
    total: / 0 = 0, ln x = 0 and sqrt x = 0 where they have no value. Every law of the kernel of derive is a lemma of
    the same name here. *)
From Coq Require Import Reals Lra Lia Arith FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

(** * What statements speak of *)

Fixpoint Sum (N : nat) (f : nat -> R) : R :=
  match N with O => 0 | S n => Sum n f + f n end.

Definition delta (i j : nat) : R := if Nat.eqb i j then 1 else 0.

(** The array z with v in place i. *)
Definition upd {A : Type} (z : nat -> A) (i : nat) (v : A) : nat -> A :=
  fun j => if Nat.eqb i j then v else z j.

Definition step (x : R) : R := if Rlt_dec 0 x then 1 else 0.

Definition erf (x : R) : R := 2 / sqrt PI * RInt (fun t => exp (- (t * t))) 0 x.

(** s is a function with derivatives of every order: s n is the n-th. *)
Definition Smooth (s : nat -> R -> R) : Prop := forall n x, is_derive (s n) x (s (S n) x).

(** * Sums *)

Lemma Sum_ext N f g : (forall j, (j < N)%nat -> f j = g j) -> Sum N f = Sum N g.
Proof.
  induction N as [|n IH]; intro H; simpl; [reflexivity|].
  rewrite IH by (intros j Hj; apply H; lia). now rewrite (H n) by lia.
Qed.

Lemma Sum_zero N : Sum N (fun _ => 0) = 0.
Proof. induction N as [|n IH]; simpl; [|rewrite IH]; ring. Qed.

Lemma Sum_outside N i f : (N <= i)%nat -> Sum N (fun k => delta k i * f k) = 0.
Proof.
  intro H. rewrite <- (Sum_zero N). apply Sum_ext; intros k Hk. unfold delta.
  destruct (Nat.eqb_spec k i); [lia|ring].
Qed.

Lemma Sum_nonneg N f : (forall j, (j < N)%nat -> 0 <= f j) -> 0 <= Sum N f.
Proof.
  induction N as [|n IH]; intro H; simpl; [lra|].
  assert (0 <= Sum n f) by (apply IH; intros; apply H; lia).
  assert (0 <= f n) by (apply H; lia). lra.
Qed.

Lemma Sum_pos N f : (0 < N)%nat -> (forall j, (j < N)%nat -> 0 < f j) -> 0 < Sum N f.
Proof.
  destruct N as [|n]; [lia|]. intros _ H; simpl.
  assert (0 <= Sum n f) by (apply Sum_nonneg; intros; apply Rlt_le, H; lia).
  assert (0 < f n) by (apply H; lia). lra.
Qed.

Section Sums.
  Variable S : nat.

  Lemma sum_add (f g : nat -> R) : Sum S (fun k => f k + g k) = Sum S (fun k => f k) + Sum S (fun k => g k).
  Proof. induction S as [|n IH]; simpl; [|rewrite IH]; ring. Qed.

  Lemma sum_neg (f : nat -> R) : Sum S (fun k => - f k) = - Sum S (fun k => f k).
  Proof. induction S as [|n IH]; simpl; [|rewrite IH]; ring. Qed.

  Lemma sum_mul_left (c : R) (f : nat -> R) : Sum S (fun k => c * f k) = c * Sum S (fun k => f k).
  Proof. induction S as [|n IH]; simpl; [|rewrite IH]; ring. Qed.

  Lemma sum_const (c : R) : Sum S (fun _ => c) = INR S * c.
  Proof. induction S as [|n IH]; [simpl; ring|]. rewrite S_INR; simpl; rewrite IH; ring. Qed.
End Sums.

Lemma sum_delta (S : nat) (f : nat -> R) (i : nat) : (i < S)%nat -> Sum S (fun k => delta k i * f k) = f i.
Proof.
  induction S as [|n IH]; intro H; [lia|]. simpl.
  destruct (Nat.eq_dec i n) as [->|Hn].
  - rewrite Sum_outside by lia. unfold delta; rewrite Nat.eqb_refl; ring.
  - rewrite IH by lia. unfold delta; rewrite (proj2 (Nat.eqb_neq n i)) by lia; ring.
Qed.

Lemma sum_split (S : nat) (f : nat -> R) (i : nat) : (i < S)%nat ->
  Sum S (fun k => f k) = f i + Sum S (fun k => (1 + - delta k i) * f k).
Proof.
  intro H. rewrite <- (sum_delta S f i H) at 1. rewrite <- sum_add.
  apply Sum_ext; intros; ring.
Qed.

Lemma sum_swap (S R' : nat) (f : nat -> nat -> R) :
  Sum S (fun k => Sum R' (fun l => f k l)) = Sum R' (fun l => Sum S (fun k => f k l)).
Proof.
  induction S as [|n IH]; simpl.
  - now rewrite Sum_zero.
  - rewrite IH. now rewrite <- sum_add.
Qed.

Lemma sum_pair (S : nat) (f : nat -> R) (i j : nat) : (i < S)%nat -> (j < S)%nat -> i <> j -> INR S = 2 ->
  Sum S (fun k => f k) = f i + f j.
Proof.
  intros Hi Hj N E. change 2 with (INR 2) in E. apply INR_eq in E. subst S. simpl.
  assert (H : ((i = 0 /\ j = 1) \/ (i = 1 /\ j = 0))%nat) by lia.
  destruct H as [[E1 E2]|[E1 E2]]; rewrite E1, E2; ring.
Qed.

(** * The Kronecker delta *)

Lemma delta_sym (S i j : nat) : (i < S)%nat -> (j < S)%nat -> delta i j = delta j i.
Proof. intros _ _. unfold delta; now rewrite Nat.eqb_sym. Qed.
Lemma delta_refl (S i : nat) : (i < S)%nat -> delta i i = 1.
Proof. intros _. unfold delta; now rewrite Nat.eqb_refl. Qed.
Lemma delta_apart (S i j : nat) : (i < S)%nat -> (j < S)%nat -> i <> j -> delta i j = 0.
Proof. intros _ _ H; unfold delta. now rewrite (proj2 (Nat.eqb_neq i j) H). Qed.
Lemma delta_move (S : nat) (f : nat -> R) (i j : nat) : (i < S)%nat -> (j < S)%nat ->
  delta i j * f i = delta i j * f j.
Proof. intros _ _. unfold delta; destruct (Nat.eqb_spec i j) as [->|]; ring. Qed.
Lemma delta_idem (S i j : nat) : (i < S)%nat -> (j < S)%nat -> delta i j * delta i j = delta i j.
Proof. intros _ _. unfold delta; destruct (Nat.eqb i j); ring. Qed.

Lemma upd_id {A} (z : nat -> A) i : upd z i (z i) = z.
Proof.
  apply functional_extensionality; intro j; unfold upd.
  destruct (Nat.eqb_spec i j) as [->|]; reflexivity.
Qed.

(** * Functions of one variable, where the library has not all *)

Lemma der_eq (f : R -> R) (x l l' : R) : is_derive f x l -> l = l' -> is_derive f x l'.
Proof. now intros H <-. Qed.
Lemma der_const (c x : R) : is_derive (fun _ : R => c) x 0.
Proof. exact (is_derive_const c x). Qed.
Lemma der_id (x : R) : is_derive (fun t : R => t) x 1.
Proof. exact (is_derive_id x). Qed.
Lemma der_add (f g : R -> R) x a b :
  is_derive f x a -> is_derive g x b -> is_derive (fun t => f t + g t) x (a + b).
Proof. intros; now apply (is_derive_plus f g x a b). Qed.
Lemma der_mul (f g : R -> R) x a b :
  is_derive f x a -> is_derive g x b -> is_derive (fun t => f t * g t) x (a * g x + f x * b).
Proof. intros; apply (is_derive_mult f g x a b); auto. exact Rmult_comm. Qed.
Lemma der_comp (h f : R -> R) x a b :
  is_derive f x a -> is_derive h (f x) b -> is_derive (fun t => h (f t)) x (b * a).
Proof.
  intros Hf Hh. eapply der_eq; [apply (is_derive_comp h f x b a Hh Hf)|].
  unfold scal; simpl; unfold mult; simpl; ring.
Qed.

Lemma near_positive (x : R) : 0 < x -> locally x (fun t => 0 < t).
Proof. intro H. apply (open_gt 0 x H). Qed.
Lemma near_negative (x : R) : x < 0 -> locally x (fun t => t < 0).
Proof. intro H. apply (open_lt 0 x H). Qed.

Lemma step_positive x : 0 < x -> step x = 1.
Proof. intro H. unfold step. destruct (Rlt_dec 0 x); [reflexivity|lra]. Qed.
Lemma step_otherwise x : x <= 0 -> step x = 0.
Proof. intro H. unfold step. destruct (Rlt_dec 0 x); [lra|reflexivity]. Qed.

Lemma der_step (x : R) : x <> 0 -> is_derive step x 0.
Proof.
  intro H. destruct (Rlt_dec 0 x) as [P|P].
  - apply (is_derive_ext_loc (fun _ => 1)); [|apply der_const].
    apply (filter_imp (fun t => 0 < t)); [intros t Ht; now rewrite step_positive|now apply near_positive].
  - apply (is_derive_ext_loc (fun _ => 0)); [|apply der_const].
    apply (filter_imp (fun t => t < 0)); [intros t Ht; rewrite step_otherwise; lra|apply near_negative; lra].
Qed.

Lemma bell_continuous (x : R) : continuous (fun t => exp (- (t * t))) x.
Proof.
  apply (ex_derive_continuous (fun t : R => exp (- (t * t)))). auto_derive. exact I.
Qed.
Lemma bell_integrable (a b : R) : ex_RInt (fun t => exp (- (t * t))) a b.
Proof. apply (ex_RInt_continuous (V := R_CompleteNormedModule)). intros. apply bell_continuous. Qed.

Lemma der_erf (x : R) : is_derive erf x (2 * / sqrt PI * exp (- (x * x))).
Proof.
  unfold erf. refine (is_derive_scal _ x (2 / sqrt PI) _ _).
  apply (is_derive_RInt (fun t => exp (- (t * t))) (fun x => RInt (fun t => exp (- (t * t))) 0 x) 0 x).
  - apply filter_forall. intro y. exact (RInt_correct (V := R_CompleteNormedModule) _ 0 y (bell_integrable 0 y)).
  - apply bell_continuous.
Qed.

Lemma erf_factor : 0 < 2 / sqrt PI.
Proof. apply Rdiv_lt_0_compat; [lra|]. apply sqrt_lt_R0, PI_RGT_0. Qed.
Lemma erf_lt (x : R) : 0 < x -> 0 < erf x.
Proof.
  intro H. unfold erf. apply Rmult_lt_0_compat; [exact erf_factor|].
  apply RInt_gt_0; [assumption|intros; apply exp_pos|intros; apply bell_continuous].
Qed.
Lemma erf_zero : erf 0 = 0.
Proof. unfold erf. rewrite RInt_point. unfold zero; simpl. ring. Qed.
Lemma erf_neg (f : R) : erf (- f) = - erf f.
Proof.
  set (bell := fun t : R => exp (- (t * t))).
  assert (H : is_RInt (fun t : R => opp (bell (- t))) 0 f (RInt bell (- 0) (- f))).
  { apply (is_RInt_comp_opp (V := R_NormedModule) bell 0 f).
    exact (RInt_correct (V := R_CompleteNormedModule) _ _ _ (bell_integrable (- 0) (- f))). }
  assert (K : is_RInt (fun t : R => opp (bell (- t))) 0 f (opp (RInt bell 0 f))).
  { apply (is_RInt_ext (V := R_NormedModule) (fun t : R => opp (bell t))).
    - intros t _. unfold bell. do 2 f_equal. ring.
    - apply (is_RInt_opp (V := R_NormedModule) bell 0 f).
      exact (RInt_correct (V := R_CompleteNormedModule) _ _ _ (bell_integrable 0 f)). }
  assert (E : RInt bell 0 (- f) = - RInt bell 0 f).
  { rewrite <- Ropp_0 at 1. transitivity (RInt (fun t : R => opp (bell (- t))) 0 f).
    - symmetry. exact (is_RInt_unique (V := R_CompleteNormedModule) _ _ _ _ H).
    - exact (is_RInt_unique (V := R_CompleteNormedModule) _ _ _ _ K). }
  unfold erf. fold bell. rewrite E. ring.
Qed.
Lemma erf_le (x : R) : 0 <= x -> 0 <= erf x.
Proof. intros [H|<-]; [now apply Rlt_le, erf_lt|rewrite erf_zero; lra]. Qed.
Lemma erf_ne (x : R) : x <> 0 -> erf x <> 0.
Proof.
  intro H. destruct (Rlt_dec 0 x) as [P|P]; [pose proof (erf_lt x P); lra|].
  assert (0 < erf (- x)) by (apply erf_lt; lra). rewrite erf_neg in H0. lra.
Qed.

(** * Points: arrays of any rank, and pairs of them, seen as finitely many coordinates *)

Record space := Space {
  point : Type;
  place : Type;
  inside : place -> Prop;
  get : point -> place -> R;
  put : point -> place -> R -> point;
  unit_at : place -> place -> R;
  total : (place -> R) -> (place -> R) -> R;
  total_ext : forall a a' b b', (forall c, inside c -> a c = a' c) -> (forall c, inside c -> b c = b' c) ->
    total a b = total a' b';
  total_comm : forall a b, total a b = total b a;
  total_add : forall a a' b, total (fun c => a c + a' c) b = total a b + total a' b;
  total_scale : forall k a b, total (fun c => k * a c) b = k * total a b;
  total_unit : forall c b, inside c -> total (unit_at c) b = b c;
  put_get : forall p c, put p c (get p c) = p;
  get_put : forall p c d, is_derive (fun t => get (put p c t) d) (get p c) (unit_at c d) }.

Definition scalar : space.
Proof.
  refine (Space R unit (fun _ => True) (fun p _ => p) (fun _ _ t => t) (fun _ _ => 1)
    (fun a b => a tt * b tt) _ _ _ _ _ _ _).
  - intros a a' b b' Ha Hb. now rewrite Ha, Hb.
  - intros; ring.
  - intros; ring.
  - intros; ring.
  - intros [] b _; ring.
  - reflexivity.
  - intros. apply der_id.
Defined.

Definition array (N : nat) (S : space) : space.
Proof.
  refine (Space (nat -> point S) (nat * place S) (fun c => (fst c < N)%nat /\ inside S (snd c))
    (fun p c => get S (p (fst c)) (snd c))
    (fun p c t => upd p (fst c) (put S (p (fst c)) (snd c) t))
    (fun c d => delta (fst d) (fst c) * unit_at S (snd c) (snd d))
    (fun a b => Sum N (fun i => total S (fun c => a (i, c)) (fun c => b (i, c)))) _ _ _ _ _ _ _).
  - intros a a' b b' Ha Hb. apply Sum_ext; intros i Hi.
    apply total_ext; intros c Hc; [apply Ha|apply Hb]; split; assumption.
  - intros a b. apply Sum_ext; intros i Hi. apply total_comm.
  - intros a a' b. rewrite <- sum_add. apply Sum_ext; intros i Hi. apply total_add.
  - intros k a b. rewrite <- sum_mul_left. apply Sum_ext; intros i Hi. apply total_scale.
  - intros [i c] b [Hi Hc]; simpl in *. rewrite <- (total_unit S c (fun d => b (i, d)) Hc).
    rewrite <- (sum_delta N (fun k => total S (unit_at S c) (fun d => b (k, d))) i Hi).
    apply Sum_ext; intros k Hk. now rewrite total_scale.
  - intros p [i c]; simpl. rewrite put_get. apply upd_id.
  - intros p [i c] [j d]; cbn [fst snd]. unfold upd, delta.
    destruct (Nat.eq_dec i j) as [<-|H].
    + rewrite Nat.eqb_refl. refine (der_eq _ _ _ _ (get_put S (p i) c d) _). ring.
    + rewrite (proj2 (Nat.eqb_neq i j) H), (proj2 (Nat.eqb_neq j i) (not_eq_sym H)).
      refine (der_eq _ _ _ _ (der_const _ _) _). ring.
Defined.

Definition both (S T : space) : space.
Proof.
  refine (Space (point S * point T) (place S + place T)
    (fun c => match c with inl c => inside S c | inr c => inside T c end)
    (fun p c => match c with inl c => get S (fst p) c | inr c => get T (snd p) c end)
    (fun p c t => match c with inl c => (put S (fst p) c t, snd p) | inr c => (fst p, put T (snd p) c t) end)
    (fun c d => match c, d with inl c, inl d => unit_at S c d | inr c, inr d => unit_at T c d | _, _ => 0 end)
    (fun a b => total S (fun c => a (inl c)) (fun c => b (inl c)) + total T (fun c => a (inr c)) (fun c => b (inr c)))
    _ _ _ _ _ _ _).
  - intros a a' b b' Ha Hb. apply f_equal2; apply total_ext; intros c Hc;
      first [apply (Ha (inl c) Hc)|apply (Hb (inl c) Hc)|apply (Ha (inr c) Hc)|apply (Hb (inr c) Hc)].
  - intros a b. apply f_equal2; apply total_comm.
  - intros a a' b. rewrite !total_add; ring.
  - intros k a b. rewrite !total_scale; ring.
  - intros [c|c] b Hc; rewrite total_unit by assumption.
    + rewrite (total_ext T _ (fun c => 0 * 0) _ (fun c => b (inr c))); [|intros; ring|reflexivity].
      rewrite total_scale; ring.
    + rewrite (total_ext S _ (fun c => 0 * 0) _ (fun c => b (inl c))); [|intros; ring|reflexivity].
      rewrite total_scale; ring.
  - intros [p q] [c|c]; simpl; now rewrite put_get.
  - intros [p q] [c|c] [d|d]; first [exact (get_put S p c d)|exact (get_put T q c d)
      |exact (der_const (get T q d) _)|exact (der_const (get S p d) _)].
Defined.

(** * Smooth: differentiable along every differentiable curve, with partial derivatives that do the whole work *)

Definition smooth (S : space) (F : point S -> R) (p : point S) : Prop :=
  exists G : place S -> R, forall (w : R -> point S) (x : R) (d : place S -> R),
    w x = p -> (forall c, inside S c -> is_derive (fun t => get S (w t) c) x (d c)) ->
    is_derive (fun t => F (w t)) x (total S G d).

Section Smooth.
  Variables (S : space) (p : point S).

  Lemma total_zero b : total S (fun _ => 0) b = 0.
  Proof.
    transitivity (total S (fun c => 0 * 0) b).
    - apply total_ext; intros; [ring|reflexivity].
    - rewrite total_scale; ring.
  Qed.

  Lemma smooth_const (k : R) : smooth S (fun _ => k) p.
  Proof. exists (fun _ => 0). intros. rewrite total_zero. exact (der_const _ _). Qed.

  Lemma smooth_get (c : place S) : inside S c -> smooth S (fun q => get S q c) p.
  Proof. intro Hc. exists (unit_at S c). intros w x d _ H. rewrite total_unit by assumption. now apply H. Qed.

  Lemma smooth_ext (F G : point S -> R) : (forall q, F q = G q) -> smooth S G p -> smooth S F p.
  Proof.
    intros E [A H]. exists A. intros w x d Hw Hd.
    apply (is_derive_ext (fun t => G (w t))); [intro; symmetry; apply E|now apply H].
  Qed.

  Lemma smooth_add (F G : point S -> R) : smooth S F p -> smooth S G p -> smooth S (fun q => F q + G q) p.
  Proof.
    intros [A HA] [B HB]. exists (fun c => A c + B c). intros w x d Hw Hd.
    rewrite total_add. exact (der_add _ _ _ _ _ (HA w x d Hw Hd) (HB w x d Hw Hd)).
  Qed.

  Lemma smooth_mul (F G : point S -> R) : smooth S F p -> smooth S G p -> smooth S (fun q => F q * G q) p.
  Proof.
    intros [A HA] [B HB]. exists (fun c => G p * A c + F p * B c). intros w x d Hw Hd.
    rewrite total_add, !total_scale. refine (der_eq _ _ _ _ (der_mul _ _ _ _ _ (HA w x d Hw Hd) (HB w x d Hw Hd)) _).
    rewrite Hw; ring.
  Qed.

  Lemma smooth_comp (h : R -> R) (F : point S -> R) : smooth S F p -> ex_derive h (F p) -> smooth S (fun q => h (F q)) p.
  Proof.
    intros [A HA] [b Hb]. exists (fun c => b * A c). intros w x d Hw Hd.
    rewrite total_scale. refine (der_comp h _ _ _ _ (HA w x d Hw Hd) _). now rewrite Hw.
  Qed.

  Lemma smooth_neg (F : point S -> R) : smooth S F p -> smooth S (fun q => - F q) p.
  Proof. intro H. apply (smooth_comp Ropp); [assumption|]. exists (- (1)). exact (is_derive_opp (fun t => t) (F p) 1 (der_id _)). Qed.

  Lemma smooth_inv (F : point S -> R) : smooth S F p -> F p <> 0 -> smooth S (fun q => / F q) p.
  Proof. intros H N. apply (smooth_comp Rinv); [assumption|]. eexists. exact (is_derive_inv (fun t => t) (F p) 1 (der_id _) N). Qed.

  Lemma smooth_exp (F : point S -> R) : smooth S F p -> smooth S (fun q => exp (F q)) p.
  Proof. intro H. apply (smooth_comp exp); [assumption|]. eexists. apply is_derive_exp. Qed.

  Lemma smooth_log (F : point S -> R) : smooth S F p -> 0 < F p -> smooth S (fun q => ln (F q)) p.
  Proof. intros H P. apply (smooth_comp ln); [assumption|]. eexists. now apply is_derive_ln. Qed.

  Lemma smooth_sqrt (F : point S -> R) : smooth S F p -> 0 < F p -> smooth S (fun q => sqrt (F q)) p.
  Proof. intros H P. apply (smooth_comp sqrt); [assumption|]. eexists. exact (is_derive_sqrt (fun t => t) (F p) 1 (der_id _) P). Qed.

  Lemma smooth_erf (F : point S -> R) : smooth S F p -> smooth S (fun q => erf (F q)) p.
  Proof. intro H. apply (smooth_comp erf); [assumption|]. eexists. apply der_erf. Qed.

  Lemma smooth_step (F : point S -> R) : smooth S F p -> F p <> 0 -> smooth S (fun q => step (F q)) p.
  Proof. intros H N. apply (smooth_comp step); [assumption|]. eexists. now apply der_step. Qed.

  Lemma smooth_fun (s : nat -> R -> R) n (F : point S -> R) : Smooth s -> smooth S F p -> smooth S (fun q => s n (F q)) p.
  Proof. intros Hs H. apply (smooth_comp (s n)); [assumption|]. eexists. apply Hs. Qed.

  Lemma smooth_sum N (F : nat -> point S -> R) :
    (forall k, (k < N)%nat -> smooth S (F k) p) -> smooth S (fun q => Sum N (fun k => F k q)) p.
  Proof.
    induction N as [|n IH]; intro H; simpl; [apply smooth_const|].
    apply smooth_add; [apply IH; intros; apply H; lia|apply H; lia].
  Qed.

  (** The chain rule, along any curve. *)
  Lemma smooth_along (F : point S -> R) (w : R -> point S) (x : R) : w x = p -> smooth S F p ->
    (forall c, inside S c -> ex_derive (fun t => get S (w t) c) x) -> ex_derive (fun t => F (w t)) x.
  Proof.
    intros Hw [G HG] Hd. eexists. refine (HG w x (fun c => Derive (fun t => get S (w t) c) x) Hw _).
    intros c Hc. exact (Derive_correct _ _ (Hd c Hc)).
  Qed.

  Lemma smooth_partial (F : point S -> R) (c : place S) : smooth S F p -> ex_derive (fun t => F (put S p c t)) (get S p c).
  Proof.
    intro H. refine (smooth_along F (put S p c) _ (put_get S p c) H _).
    intros d _. eexists. exact (get_put S p c d).
  Qed.
End Smooth.

Lemma step_abs x : Rabs x = x * (2 * step x + - (1)).
Proof.
  destruct (Rlt_dec 0 x).
  - rewrite step_positive, Rabs_pos_eq by lra; ring.
  - rewrite step_otherwise, Rabs_left1 by lra; ring.
Qed.
Lemma step_max x y : Rmax x y = y + (x + - y) * step (x + - y).
Proof.
  destruct (Rlt_dec 0 (x + - y)).
  - rewrite step_positive, Rmax_left by lra; ring.
  - rewrite step_otherwise, Rmax_right by lra; ring.
Qed.

Lemma smooth_abs (S : space) p (F : point S -> R) : smooth S F p -> F p <> 0 -> smooth S (fun q => Rabs (F q)) p.
Proof.
  intros H N. apply (smooth_ext S p _ (fun q => F q * (2 * step (F q) + - (1)))); [intro; apply step_abs|].
  apply smooth_mul; [assumption|]. apply smooth_add; [|apply smooth_const].
  apply smooth_mul; [apply smooth_const|]. now apply smooth_step.
Qed.
Lemma smooth_max (S : space) p (F G : point S -> R) : smooth S F p -> smooth S G p -> F p <> G p ->
  smooth S (fun q => Rmax (F q) (G q)) p.
Proof.
  intros HF HG N. apply (smooth_ext S p _ (fun q => G q + (F q + - G q) * step (F q + - G q))); [intro; apply step_max|].
  apply smooth_add; [assumption|]. apply smooth_mul; [|apply smooth_step; [|lra]];
    (apply smooth_add; [assumption|now apply smooth_neg]).
Qed.

(** The chain rule: through any finite number of intermediates, every partial derivative of the outer function. *)
Lemma chain (S : space) (F : point S -> R) (u : R -> point S) (x : R) (p : point S) : u x = p -> smooth S F p ->
  (forall c, inside S c -> ex_derive (fun t => get S (u t) c) x) ->
  Derive (fun t => F (u t)) x =
  total S (fun c => Derive (fun s => F (put S p c s)) (get S p c)) (fun c => Derive (fun t => get S (u t) c) x).
Proof.
  intros E [G HG] Hu. transitivity (total S G (fun c => Derive (fun t => get S (u t) c) x)).
  - refine (is_derive_unique _ _ _ (HG _ _ _ E _)). intros c Hc. exact (Derive_correct _ _ (Hu c Hc)).
  - apply total_ext; [|reflexivity]. intros c Hc. symmetry.
    rewrite <- (total_unit S c G Hc), total_comm.
    refine (is_derive_unique _ _ _ (HG _ _ _ (put_get S p c) _)). intros d _. exact (get_put S p c d).
Qed.
Lemma each_scalar (u : R -> R) (x : R) : ex_derive u x ->
  forall c, inside scalar c -> ex_derive (fun t => get scalar (u t) c) x.
Proof. intros H c _. exact H. Qed.
Lemma each_array (N : nat) (S : space) (u : R -> nat -> point S) (x : R) :
  (forall i, (i < N)%nat -> forall c, inside S c -> ex_derive (fun t => get S (u t i) c) x) ->
  forall c, inside (array N S) c -> ex_derive (fun t => get (array N S) (u t) c) x.
Proof. intros H [i c] [Hi Hc]. exact (H i Hi c Hc). Qed.
Lemma each_both (S T : space) (u : R -> point S) (v : R -> point T) (x : R) :
  (forall c, inside S c -> ex_derive (fun t => get S (u t) c) x) ->
  (forall c, inside T c -> ex_derive (fun t => get T (v t) c) x) ->
  forall c, inside (both S T) c -> ex_derive (fun t => get (both S T) (u t, v t) c) x.
Proof. intros H K [c|c] Hc; [exact (H c Hc)|exact (K c Hc)]. Qed.

(** * The laws of derivatives. F and G are functions of the point; the derivative is taken by one of its coordinates. *)

Section Derivatives.
  Variables (S : space) (p : point S) (v : place S).
  Notation D F := (Derive (fun t => F (put S p v t)) (get S p v)).

  Let along (F : point S -> R) : smooth S F p -> is_derive (fun t => F (put S p v t)) (get S p v) (D F).
  Proof. intro H. exact (Derive_correct _ _ (smooth_partial S p F v H)). Qed.
  Let here (F : point S -> R) : F (put S p v (get S p v)) = F p.
  Proof. now rewrite put_get. Qed.
  Let comp (h : R -> R) (b : R) (F : point S -> R) : smooth S F p -> is_derive h (F p) b ->
    Derive (fun t => h (F (put S p v t))) (get S p v) = b * D F.
  Proof.
    intros HF Hh. refine (is_derive_unique _ _ _ (der_comp h _ _ _ _ (along F HF) _)). now rewrite here.
  Qed.

  Lemma d_const (c : R) : Derive (fun t => c) (get S p v) = 0.
  Proof. apply Derive_const. Qed.

  Lemma d_add (F G : point S -> R) : smooth S F p -> smooth S G p ->
    Derive (fun t => F (put S p v t) + G (put S p v t)) (get S p v) = D F + D G.
  Proof. intros HF HG. exact (is_derive_unique _ _ _ (der_add _ _ _ _ _ (along F HF) (along G HG))). Qed.

  Lemma d_neg (F : point S -> R) : smooth S F p ->
    Derive (fun t => - F (put S p v t)) (get S p v) = - D F.
  Proof. intros HF. apply Derive_opp. Qed.

  Lemma d_mul (F G : point S -> R) : smooth S F p -> smooth S G p ->
    Derive (fun t => F (put S p v t) * G (put S p v t)) (get S p v) = D F * G p + F p * D G.
  Proof.
    intros HF HG. refine (eq_trans (is_derive_unique _ _ _ (der_mul _ _ _ _ _ (along F HF) (along G HG))) _).
    now rewrite !here.
  Qed.

  Lemma d_mul_left (c : R) (F : point S -> R) : smooth S F p ->
    Derive (fun t => c * F (put S p v t)) (get S p v) = c * D F.
  Proof. intros _. apply Derive_scal. Qed.

  Lemma d_inv (F : point S -> R) : smooth S F p -> F p <> 0 ->
    Derive (fun t => / F (put S p v t)) (get S p v) = - (D F * (/ F p * / F p)).
  Proof.
    intros HF N. refine (eq_trans (comp Rinv _ F HF (is_derive_inv (fun t => t) (F p) 1 (der_id _) N)) _).
    field. exact N.
  Qed.

  Lemma d_quot (F G : point S -> R) : smooth S F p -> smooth S G p -> G p <> 0 ->
    Derive (fun t => F (put S p v t) * / G (put S p v t)) (get S p v) =
    (D F * G p + - (F p * D G)) * / (G p * G p).
  Proof.
    intros HF HG N. refine (eq_trans (d_mul F (fun q => / G q) HF (smooth_inv S p G HG N)) _).
    rewrite (d_inv G HG N). field. exact N.
  Qed.

  Lemma d_exp (F : point S -> R) : smooth S F p ->
    Derive (fun t => exp (F (put S p v t))) (get S p v) = exp (F p) * D F.
  Proof. intro HF. exact (comp exp _ F HF (is_derive_exp (F p))). Qed.

  Lemma d_log (F : point S -> R) : smooth S F p -> 0 < F p ->
    Derive (fun t => ln (F (put S p v t))) (get S p v) = / F p * D F.
  Proof. intros HF P. exact (comp ln _ F HF (is_derive_ln (F p) P)). Qed.

  Lemma d_sqrt (F : point S -> R) : smooth S F p -> 0 < F p ->
    Derive (fun t => sqrt (F (put S p v t))) (get S p v) = / (2 * sqrt (F p)) * D F.
  Proof.
    intros HF P. refine (eq_trans (comp sqrt _ F HF (is_derive_sqrt (fun t => t) (F p) 1 (der_id _) P)) _).
    change (1 / (2 * sqrt (F p)) * D F = / (2 * sqrt (F p)) * D F). unfold Rdiv. ring.
  Qed.

  Lemma d_erf (F : point S -> R) : smooth S F p ->
    Derive (fun t => erf (F (put S p v t))) (get S p v) = 2 * / sqrt PI * exp (- (F p * F p)) * D F.
  Proof. intros HF. exact (comp erf _ F HF (der_erf (F p))). Qed.

  Lemma d_step (F : point S -> R) : smooth S F p -> F p <> 0 ->
    Derive (fun t => step (F (put S p v t))) (get S p v) = 0.
  Proof. intros HF N. refine (eq_trans (comp step _ F HF (der_step (F p) N)) _). ring. Qed.

  Lemma d_sum (N : nat) (F : nat -> point S -> R) : (forall k, (k < N)%nat -> smooth S (F k) p) ->
    Derive (fun t => Sum N (fun k => F k (put S p v t))) (get S p v) = Sum N (fun k => D (F k)).
  Proof.
    intro H. apply is_derive_unique. induction N as [|n IH]; simpl; [exact (der_const _ _)|].
    refine (der_add _ _ _ _ _ (IH _) (along (F n) (H n _))); [intros; apply H|]; lia.
  Qed.

  Lemma d_fun (s : nat -> R -> R) (n : nat) (F : point S -> R) : Smooth s -> smooth S F p ->
    Derive (fun t => s n (F (put S p v t))) (get S p v) = s (Datatypes.S n) (F p) * D F.
  Proof. intros Hs HF. exact (comp (s n) _ F HF (Hs n (F p))). Qed.
End Derivatives.

(** The derivative of an entry by an entry, for arrays of each rank. *)
Lemma d_entry_0 (x : R) : Derive (fun t => t) x = 1.
Proof. exact (Derive_id x). Qed.
Lemma d_entry_1 (z : nat -> R) (i k : nat) : Derive (fun t => upd z i t k) (z i) = delta k i.
Proof.
  refine (eq_trans (is_derive_unique _ _ _ (get_put (array 0 scalar) z (i, tt) (k, tt))) _). exact (Rmult_1_r _).
Qed.
Lemma d_entry_2 (w : nat -> nat -> R) (i j k l : nat) :
  Derive (fun t => upd w i (upd (w i) j t) k l) (w i j) = delta k i * delta l j.
Proof.
  refine (eq_trans (is_derive_unique _ _ _ (get_put (array 0 (array 0 scalar)) w (i, (j, tt)) (k, (l, tt)))) _).
  exact (f_equal (Rmult _) (Rmult_1_r _)).
Qed.
Lemma d_entry_3 (w : nat -> nat -> nat -> R) (i j m k l n : nat) :
  Derive (fun t => upd w i (upd (w i) j (upd (w i j) m t)) k l n) (w i j m) = delta k i * delta l j * delta n m.
Proof.
  refine (eq_trans (is_derive_unique _ _ _
    (get_put (array 0 (array 0 (array 0 scalar))) w (i, (j, (m, tt))) (k, (l, (n, tt))))) _).
  change (delta k i * (delta l j * (delta n m * 1)) = delta k i * delta l j * delta n m). ring.
Qed.

Lemma d_entry_4 (w : nat -> nat -> nat -> nat -> R) (i j m o k l n r : nat) :
  Derive (fun t => upd w i (upd (w i) j (upd (w i j) m (upd (w i j m) o t))) k l n r) (w i j m o) =
  delta k i * delta l j * delta n m * delta r o.
Proof.
  refine (eq_trans (is_derive_unique _ _ _ (get_put (array 0 (array 0 (array 0 (array 0 scalar)))) w
    (i, (j, (m, (o, tt)))) (k, (l, (n, (r, tt)))))) _).
  change (delta k i * (delta l j * (delta n m * (delta r o * 1))) = delta k i * delta l j * delta n m * delta r o). ring.
Qed.

(** From the value of the derivative to differentiability with that value. *)
Lemma differentiable (S : space) (p : point S) (v : place S) (F : point S -> R) (l : R) :
  smooth S F p -> Derive (fun t => F (put S p v t)) (get S p v) = l ->
  is_derive (fun t => F (put S p v t)) (get S p v) l.
Proof. intros H <-. exact (Derive_correct _ _ (smooth_partial S p F v H)). Qed.

(** What is equal to something of a sign has that sign. *)
Lemma equal_lt (a b : R) : a = b -> 0 < b -> 0 < a. Proof. now intros ->. Qed.
Lemma equal_le (a b : R) : a = b -> 0 <= b -> 0 <= a. Proof. now intros ->. Qed.
Lemma equal_ne (a b : R) : a = b -> b <> 0 -> a <> 0. Proof. now intros ->. Qed.

(** * Exponential, logarithm, square root *)

Lemma exp_zero : exp 0 = 1. Proof. exact exp_0. Qed.
Lemma exp_add (f g : R) : exp (f + g) = exp f * exp g. Proof. exact (exp_plus f g). Qed.
Lemma exp_neg (f : R) : exp (- f) = / exp f. Proof. exact (exp_Ropp f). Qed.
Lemma exp_log (f : R) : 0 < f -> exp (ln f) = f. Proof. exact (exp_ln f). Qed.
Lemma log_one : ln 1 = 0. Proof. exact ln_1. Qed.
Lemma log_exp (f : R) : ln (exp f) = f. Proof. exact (ln_exp f). Qed.
Lemma log_mul (f g : R) : 0 < f -> 0 < g -> ln (f * g) = ln f + ln g. Proof. exact (ln_mult f g). Qed.
Lemma log_otherwise (f : R) : f <= 0 -> ln f = 0.
Proof. intro H. unfold ln. destruct (Rlt_dec 0 f); [exfalso; lra|reflexivity]. Qed.
Lemma log_inv (f : R) : ln (/ f) = - ln f.
Proof.
  destruct (Rlt_dec 0 f) as [P|P]; [now apply ln_Rinv|].
  rewrite (log_otherwise f) by lra. rewrite log_otherwise; [ring|].
  destruct (Req_dec f 0) as [->|N]; [rewrite Rinv_0; lra|].
  apply Rlt_le, Rinv_lt_0_compat. lra.
Qed.
Lemma exp_above (f : R) : 0 <= f -> exp f + - (1) = Rabs (exp f + - (1)).
Proof.
  intro H. symmetry. apply Rabs_pos_eq. pose proof (exp_ineq1_le f). lra.
Qed.
Lemma log_above (f : R) : 0 <= f -> ln (1 + f) = Rabs (ln (1 + f)).
Proof.
  intro H. symmetry. apply Rabs_pos_eq. rewrite <- ln_1. destruct H as [H|<-].
  - left. apply ln_increasing; lra.
  - right. f_equal. ring.
Qed.
Lemma sqrt_sq (f : R) : 0 <= f -> sqrt f * sqrt f = f. Proof. exact (sqrt_sqrt f). Qed.
Lemma sqrt_of_sq (f : R) : sqrt (f * f) = Rabs f. Proof. exact (sqrt_Rsqr_abs f). Qed.

(** * Kinks *)

Lemma step_pos (f : R) : 0 < f -> step f = 1. Proof. exact (step_positive f). Qed.
Lemma step_nonpos (f : R) : 0 <= - f -> step f = 0. Proof. intro H. apply step_otherwise. lra. Qed.
Lemma step_idem (f : R) : step f * step f = step f.
Proof. unfold step; destruct (Rlt_dec 0 f); ring. Qed.
Lemma abs_step (f : R) : Rabs f = f * (2 * step f + - (1)). Proof. exact (step_abs f). Qed.
Lemma max_step (f g : R) : Rmax f g = g + (f + - g) * step (f + - g). Proof. exact (step_max f g). Qed.

(** * Rewriting a part: below a sum for every index, below a derivative for every value of the variable, beside a
    delta where its indices are equal (or where they differ) *)

Lemma in_add_l (a a' b : R) : a = a' -> a + b = a' + b. Proof. now intros ->. Qed.
Lemma in_add_r (a b b' : R) : b = b' -> a + b = a + b'. Proof. now intros ->. Qed.
Lemma in_mul_l (a a' b : R) : a = a' -> a * b = a' * b. Proof. now intros ->. Qed.
Lemma in_mul_r (a b b' : R) : b = b' -> a * b = a * b'. Proof. now intros ->. Qed.
Lemma in_add (a a' b b' : R) : a = a' -> b = b' -> a + b = a' + b'. Proof. now intros -> ->. Qed.
Lemma in_neg (a a' : R) : a = a' -> - a = - a'. Proof. now intros ->. Qed.
Lemma in_inv (a a' : R) : a = a' -> / a = / a'. Proof. now intros ->. Qed.
Lemma in_exp (a a' : R) : a = a' -> exp a = exp a'. Proof. now intros ->. Qed.
Lemma in_log (a a' : R) : a = a' -> ln a = ln a'. Proof. now intros ->. Qed.
Lemma in_sqrt (a a' : R) : a = a' -> sqrt a = sqrt a'. Proof. now intros ->. Qed.
Lemma in_erf (a a' : R) : a = a' -> erf a = erf a'. Proof. now intros ->. Qed.
Lemma in_step (a a' : R) : a = a' -> step a = step a'. Proof. now intros ->. Qed.
Lemma in_abs (a a' : R) : a = a' -> Rabs a = Rabs a'. Proof. now intros ->. Qed.
Lemma in_fun (s : nat -> R -> R) (n : nat) (a a' : R) : a = a' -> s n a = s n a'. Proof. now intros ->. Qed.
Lemma in_max_l (a a' b : R) : a = a' -> Rmax a b = Rmax a' b. Proof. now intros ->. Qed.
Lemma in_max_r (a b b' : R) : b = b' -> Rmax a b = Rmax a b'. Proof. now intros ->. Qed.
Lemma in_sum (N : nat) (f g : nat -> R) : (forall k, (k < N)%nat -> f k = g k) -> Sum N f = Sum N g.
Proof. exact (Sum_ext N f g). Qed.
Lemma in_D (f g : R -> R) (x : R) : (forall t, f t = g t) -> Derive f x = Derive g x.
Proof. exact (Derive_ext f g x). Qed.
Lemma where_equal_r (i j : nat) (b b' : R) : (i = j -> b = b') -> delta i j * b = delta i j * b'.
Proof. intro H. unfold delta. destruct (Nat.eqb_spec i j) as [E|]; [now rewrite (H E)|ring]. Qed.
Lemma where_equal_l (i j : nat) (a a' : R) : (i = j -> a = a') -> a * delta i j = a' * delta i j.
Proof. intro H. unfold delta. destruct (Nat.eqb_spec i j) as [E|]; [now rewrite (H E)|ring]. Qed.
Lemma where_apart_r (i j : nat) (b b' : R) : (i <> j -> b = b') -> (1 + - delta i j) * b = (1 + - delta i j) * b'.
Proof. intro H. unfold delta. destruct (Nat.eqb_spec i j) as [|E]; [ring|now rewrite (H E)]. Qed.
Lemma where_apart_l (i j : nat) (a a' : R) : (i <> j -> a = a') -> a * (1 + - delta i j) = a' * (1 + - delta i j).
Proof. intro H. unfold delta. destruct (Nat.eqb_spec i j) as [|E]; [ring|now rewrite (H E)]. Qed.

Arguments in_add_l {a a' b} & _. Arguments in_add_r {a b b'} & _.
Arguments in_mul_l {a a' b} & _. Arguments in_mul_r {a b b'} & _.
Arguments in_add {a a' b b'} & _ _. Arguments each_scalar {u x} & _ _ _.
Arguments each_array {N S u x} & _ _ _. Arguments each_both {S T u v x} & _ _ _ _.
Arguments in_neg {a a'} & _. Arguments in_inv {a a'} & _. Arguments in_exp {a a'} & _. Arguments in_log {a a'} & _.
Arguments in_sqrt {a a'} & _. Arguments in_erf {a a'} & _. Arguments in_step {a a'} & _. Arguments in_abs {a a'} & _.
Arguments in_fun s n {a a'} & _. Arguments in_max_l {a a' b} & _. Arguments in_max_r {a b b'} & _.
Arguments in_sum {N f g} & _. Arguments in_D {f g x} & _.
Arguments where_equal_r {i j b b'} & _. Arguments where_equal_l {i j a a'} & _.
Arguments where_apart_r {i j b b'} & _. Arguments where_apart_l {i j a a'} & _.

(** * Signs: what is positive, not negative, or not 0, from its parts and from hypotheses *)

Lemma ne_of_lt x : 0 < x -> x <> 0. Proof. lra. Qed.
Lemma le_of_lt x : 0 < x -> 0 <= x. Proof. lra. Qed.
Lemma sign_lt (a b d : R) : b + - a = d -> 0 < d -> a < b. Proof. intros <-. lra. Qed.
Lemma sign_le (a b d : R) : b + - a = d -> 0 <= d -> a <= b. Proof. intros <-. lra. Qed.
Lemma sign_ne (a b d : R) : b + - a = d -> d <> 0 -> a <> b. Proof. intros <- H ->. apply H. ring. Qed.
Lemma ne_add x y : x + - y <> 0 -> x <> y. Proof. intros H E; apply H; rewrite E; ring. Qed.
Lemma add_lt_l a b : 0 < a -> 0 <= b -> 0 < a + b. Proof. lra. Qed.
Lemma add_lt_r a b : 0 <= a -> 0 < b -> 0 < a + b. Proof. lra. Qed.
Lemma add_le a b : 0 <= a -> 0 <= b -> 0 <= a + b. Proof. lra. Qed.
Lemma inv_le a : 0 <= a -> 0 <= / a.
Proof. intros [H|<-]; [now apply Rlt_le, Rinv_0_lt_compat|rewrite Rinv_0; lra]. Qed.
Lemma size_lt n : (0 < n)%nat -> 0 < INR n. Proof. intro; apply lt_0_INR; lia. Qed.
Lemma delta_le i j : 0 <= delta i j. Proof. unfold delta; destruct (Nat.eqb i j); lra. Qed.
Lemma apart_le i j : 0 <= 1 + - delta i j. Proof. unfold delta; destruct (Nat.eqb i j); lra. Qed.
Lemma step_lt x : 0 < x -> 0 < step x. Proof. intro H. rewrite step_positive; lra. Qed.
Lemma step_le x : 0 <= step x. Proof. unfold step; destruct (Rlt_dec 0 x); lra. Qed.
Lemma abs_lt x : x <> 0 -> 0 < Rabs x. Proof. exact (Rabs_pos_lt x). Qed.
Lemma max_lt_l x y : 0 < x -> 0 < Rmax x y. Proof. intro; apply Rlt_le_trans with x; [assumption|apply Rmax_l]. Qed.
Lemma max_lt_r x y : 0 < y -> 0 < Rmax x y. Proof. intro; apply Rlt_le_trans with y; [assumption|apply Rmax_r]. Qed.
Lemma max_le_l x y : 0 <= x -> 0 <= Rmax x y. Proof. intro; apply Rle_trans with x; [assumption|apply Rmax_l]. Qed.
Lemma max_le_r x y : 0 <= y -> 0 <= Rmax x y. Proof. intro; apply Rle_trans with y; [assumption|apply Rmax_r]. Qed.
Lemma size_le n : (0 < n)%nat -> 1 <= INR n. Proof. intro. apply (le_INR 1 n). lia. Qed.
Lemma others_lt N i f : (i < N)%nat -> 2 <= INR N -> (forall k, (k < N)%nat -> 0 < f k) ->
  0 < Sum N (fun k => (1 + - delta k i) * f k).
Proof.
  intros Hi H2 H. assert (L : (2 <= N)%nat) by (apply INR_le; exact H2).
  set (j := if Nat.eqb i 0 then 1%nat else 0%nat).
  assert (Hj : (j < N)%nat /\ j <> i) by (unfold j; destruct (Nat.eqb_spec i 0); lia).
  rewrite (sum_split N _ j (proj1 Hj)). apply Rplus_lt_le_0_compat.
  - rewrite (delta_apart N j i (proj1 Hj) Hi (proj2 Hj)). pose proof (H j (proj1 Hj)). lra.
  - apply Sum_nonneg. intros k Hk. pose proof (H k Hk). unfold delta.
    destruct (Nat.eqb k j), (Nat.eqb k i); lra.
Qed.
Lemma others_lt' N i f : (i < N)%nat -> 2 <= INR N -> (forall k, (k < N)%nat -> 0 < f k) ->
  0 < Sum N (fun k => (1 + - delta i k) * f k).
Proof.
  intros Hi H2 H. rewrite (Sum_ext N _ (fun k => (1 + - delta k i) * f k)); [now apply others_lt|].
  intros k Hk. now rewrite (delta_sym N i k Hi Hk).
Qed.
Lemma square_le x : 0 <= x * x. Proof. exact (Rle_0_sqr x). Qed.

(** What is given, for all indices or for these. *)
Ltac given :=
  first [ assumption
        | match goal with H : forall j : nat, _ |- _ => eapply H; solve [ eassumption | auto using not_eq_sym with nocore ] end
        | apply not_eq_sym; assumption ].

Ltac number := lazymatch goal with
  | |- _ < IZR _ => lra | |- _ <= IZR _ => lra | |- IZR _ <> _ => lra
  | |- _ < IZR _ / IZR _ => lra | |- _ <= IZR _ / IZR _ => lra | |- IZR _ / IZR _ <> _ => lra end.

(** The symbols that a derivation defines are opened by this tactic, which it redefines. *)
Ltac opened := fail.

Ltac sign :=
  cbv beta; cbn [fst snd]; first [ given | number | lazymatch goal with
  | |- 0 < INR _ => apply size_lt; lia
  | |- 0 <= INR _ => apply pos_INR
  | |- 0 < exp _ => apply exp_pos
  | |- (_ < _)%nat => lia
  | |- _ <= INR _ => first [ apply size_le; lia | lra ]
  | |- 0 < PI => exact PI_RGT_0
  | |- 0 < erf _ => apply erf_lt; sign
  | |- 0 <= erf _ => apply erf_le; sign
  | |- erf _ <> 0 => apply erf_ne; sign
  | |- 0 < Sum _ (fun k => (1 + - delta k _) * _) => apply others_lt;
      [ assumption | sign | let j := fresh "j" in let H := fresh "H" j in intros j H; sign ]
  | |- 0 < Sum _ (fun k => (1 + - delta _ k) * _) => apply others_lt';
      [ assumption | sign | let j := fresh "j" in let H := fresh "H" j in intros j H; sign ]
  | |- 0 < Sum _ _ => apply Sum_pos; [ lia | let j := fresh "j" in let H := fresh "H" j in intros j H; sign ]
  | |- 0 <= Sum _ _ => apply Sum_nonneg; let j := fresh "j" in let H := fresh "H" j in intros j H; sign
  | |- 0 < sqrt _ => apply sqrt_lt_R0; sign
  | |- 0 <= sqrt _ => apply sqrt_pos
  | |- 0 < / _ => apply Rinv_0_lt_compat; sign
  | |- 0 <= / _ => apply inv_le; sign
  | |- / _ <> 0 => apply Rinv_neq_0_compat; sign
  | |- - _ <> 0 => apply Ropp_neq_0_compat; sign
  | |- 0 < _ / _ => unfold Rdiv at 1; sign
  | |- 0 <= _ / _ => unfold Rdiv at 1; sign
  | |- _ / _ <> 0 => unfold Rdiv at 1; sign
  | |- 0 < _ * _ => apply Rmult_lt_0_compat; sign
  | |- 0 <= ?a * ?a => apply square_le
  | |- 0 <= _ * _ => apply Rmult_le_pos; sign
  | |- _ * _ <> 0 => apply Rmult_integral_contrapositive_currified; sign
  | |- 0 < _ + _ => first [ solve [ apply add_lt_l; sign ] | apply add_lt_r; sign ]
  | |- 0 <= delta _ _ => apply delta_le
  | |- 0 <= 1 + - delta _ _ => apply apart_le
  | |- 0 <= _ + _ => apply add_le; sign
  | |- 0 < step _ => apply step_lt; sign
  | |- 0 <= step _ => apply step_le
  | |- 0 < Rabs _ => apply abs_lt; sign
  | |- 0 <= Rabs _ => apply Rabs_pos
  | |- 0 < Rmax _ _ => first [ solve [ apply max_lt_l; sign ] | apply max_lt_r; sign ]
  | |- 0 <= Rmax _ _ => first [ solve [ apply max_le_l; sign ] | apply max_le_r; sign ]
  end
  | progress opened; sign
  | lazymatch goal with
    | |- _ <> 0 => apply ne_of_lt; sign
    | |- 0 <= _ => apply le_of_lt; sign end ].

(** Smoothness, by the form of the function. Unification writes [exp] for [fun x => exp x]; it is written out first. *)
Ltac applied := lazymatch goal with |- smooth ?S ?F ?p => change (smooth S (fun q => F q) p); cbv beta end.
Ltac smooth_parts := applied; lazymatch goal with
  | |- smooth _ (fun _ => ?c) _ => exact (smooth_const _ _ c)
  | |- smooth _ (fun p => p) _ => exact (smooth_get scalar _ tt I)
  | |- smooth _ (fun p => fst p) _ => exact (smooth_get (both scalar _) _ (inl tt) I)
  | |- smooth _ (fun p => snd p) _ => exact (smooth_get (both _ scalar) _ (inr tt) I)
  | |- smooth _ (fun p => p ?i) _ => refine (smooth_get (array _ scalar) _ (i, tt) _); inside
  | |- smooth _ (fun p => fst p ?i) _ => refine (smooth_get (both (array _ scalar) _) _ (inl (i, tt)) _); inside
  | |- smooth _ (fun p => snd p ?i) _ => refine (smooth_get (both _ (array _ scalar)) _ (inr (i, tt)) _); inside
  | |- smooth _ (fun p => fst p ?i ?j) _ => refine (smooth_get (both (array _ (array _ scalar)) _) _ (inl (i, (j, tt))) _); inside
  | |- smooth _ (fun p => snd p ?i ?j) _ => refine (smooth_get (both _ (array _ (array _ scalar))) _ (inr (i, (j, tt))) _); inside
  | |- smooth _ (fun p => p ?i ?j) _ => refine (smooth_get (array _ (array _ scalar)) _ (i, (j, tt)) _); inside
  | |- smooth _ (fun p => p ?i ?j ?k) _ =>
      refine (smooth_get (array _ (array _ (array _ scalar))) _ (i, (j, (k, tt))) _); inside
  | |- smooth _ (fun p => p ?i ?j ?k ?l) _ =>
      refine (smooth_get (array _ (array _ (array _ (array _ scalar)))) _ (i, (j, (k, (l, tt)))) _); inside
  | |- smooth _ (fun p => _ + _) _ => refine (smooth_add _ _ _ _ _ _); smooth_parts
  | |- smooth _ (fun p => _ * _) _ => refine (smooth_mul _ _ _ _ _ _); smooth_parts
  | |- smooth _ (fun p => - _) _ => refine (smooth_neg _ _ _ _); smooth_parts
  | |- smooth _ (fun p => / _) _ => refine (smooth_inv _ _ _ _ _); [ smooth_parts | sign ]
  | |- smooth _ (fun p => exp _) _ => refine (smooth_exp _ _ _ _); smooth_parts
  | |- smooth _ (fun p => ln _) _ => refine (smooth_log _ _ _ _ _); [ smooth_parts | sign ]
  | |- smooth _ (fun p => sqrt _) _ => refine (smooth_sqrt _ _ _ _ _); [ smooth_parts | sign ]
  | |- smooth _ (fun p => erf _) _ => refine (smooth_erf _ _ _ _); smooth_parts
  | |- smooth _ (fun p => step _) _ => refine (smooth_step _ _ _ _ _); [ smooth_parts | sign ]
  | |- smooth _ (fun p => Rabs _) _ => refine (smooth_abs _ _ _ _ _); [ smooth_parts | sign ]
  | |- smooth _ (fun p => Rmax _ _) _ =>
      refine (smooth_max _ _ _ _ _ _ _); [ smooth_parts | smooth_parts | first [ sign | apply ne_add; sign ] ]
  | |- smooth _ (fun p => Sum _ _) _ => refine (smooth_sum _ _ _ _ _);
      let j := fresh "j" in let H := fresh "H" j in intros j H; smooth_parts
  | |- smooth _ (fun p => ?s _ _) _ => refine (smooth_fun _ _ s _ _ _ _); [ assumption | smooth_parts ]
  end
with inside := cbn; repeat split; assumption.

(** The symbols of a derivation, written out; it redefines this. *)
Ltac written_out := idtac.
Ltac smoothness := cbv beta delta [Rminus Rdiv]; written_out; smooth_parts.

Ltac side := cbv beta; rewrite ?upd_id; lazymatch goal with
  | |- smooth _ _ _ => smoothness
  | |- _ = _ => first [ given | reflexivity ]
  | |- forall _, _ => first [ assumption | intros; side ]
  | |- _ => sign
  end.

(** * Steps *)

Ltac tidied := cbv beta iota delta
  [Rminus Rdiv point place inside get put unit_at total scalar array both fst snd].

(** One step: the left side, rewritten by an equation; its conditions are proved on the spot. *)
Tactic Notation "by_law" uconstr(e) :=
  lazymatch goal with |- ?A = ?B => refine (@eq_trans R A _ B e _) end; [ side .. | tidied ].

(** The computed rule: both sides are equal as rational functions of their atoms. *)
Ltac nonzero := repeat split; first [ assumption
  | match goal with H : ?t <> 0 |- ?x <> 0 => let E := fresh in intro E; apply H;
      first [ rewrite E; ring | replace t with x by ring; exact E | replace t with (- x) by ring; rewrite E; ring
            | lra | field_simplify_eq; [ lra | solve [ repeat split; assumption ] ] ] end ].
Ltac inverses_apart :=
  unfold Rdiv; rewrite ?Rinv_mult, ?Rinv_opp, ?Rinv_inv;
  repeat match goal with |- context [/ ?x] => lazymatch x with IZR _ => fail | _ => generalize (/ x); intro end end.
Ltac same_fraction := intros; first [ ring | solve [ field; nonzero ] | solve [ inverses_apart; first [ ring | field ] ] ].

(** A witness: sizes, arrays and indices are numbers. *)
Ltac at_each_index :=
  let j := fresh "j" in let H := fresh "H" j in intros j H; destruct j as [|[|j]]; try (exfalso; lia).
Ltac numbers := written_out; unfold delta; simpl; first
  [ lra | rewrite ?exp_0, ?ln_1, ?sqrt_0, ?sqrt_1; lra
  | intro; lra | split; lra | unfold step; repeat destruct (Rlt_dec _ _); lra ].
Ltac met := lazymatch goal with
  | |- True => exact I
  | |- Smooth _ => intros ? ?; exact (der_const 0 _)
  | |- (_ < _)%nat => lia
  | |- (_ < _)%nat -> _ => intros _; met
  | |- forall j : nat, (j < _)%nat -> _ => at_each_index; met
  | |- _ = _ :> nat -> _ => intro; met
  | |- _ <> _ :> nat => lia
  | |- _ -> _ => intro; first [ exfalso; lia | met ]
  | |- _ => numbers
  end.
Ltac witnessed := repeat match goal with |- _ /\ _ => split end; met.
