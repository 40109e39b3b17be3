package cmek;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * The one-way house. Each rule is written for a root package, so that the same rule can be held against a house that
 * breaks it.
 */
final class ArchitectureRules {

    /** What takes material away, brings it back, changes who may use it, or changes which is used. */
    private static final Pattern TABOO = Pattern.compile(
            "(destroy|restore|delete|import|setIamPolicy|updateCryptoKeyVersion|updateCryptoKeyPrimaryVersion).*");

    /** All that is ever asked of Cloud KMS by Google's client; policies go another way, see {@link #SENDING}. */
    private static final Set<String> ASKED_OF_KEYS = Set.of(
            "getLocationCallable",
            "getKeyRingCallable",
            "createKeyRingCallable",
            "getCryptoKeyCallable",
            "createCryptoKeyCallable",
            "updateCryptoKeyCallable",
            "listCryptoKeyVersionsCallable",
            "listRetiredResourcesCallable",
            "create",
            "close");

    /** The methods of REST clients that are no GET, by their names in the house. */
    private static final Set<String> SENDING = Set.of(
            "client.kms.IamHttp.setIamPolicy",
            "client.kms.IamHttp.testIamPermissions",
            "client.project.ResourceManagerHttp.getIamPolicy",
            "client.project.ResourceManagerHttp.testIamPermissions",
            "client.storage.StorageHttp.write",
            // The command for people publishes and pulls, and removes a subscription that it made for a while.
            "client.pubsub.PubSubHttp.request",
            // What a client of Google's was told to send, by a call that is known.
            "client.http.BoundedTransport$Request.execute",
            "client.anthropic.AdminHttp.createExternalKey",
            "client.anthropic.AdminHttp.attach",
            "client.anthropic.TokenHttp.exchange",
            "client.anthropic.ValidateHttp.validate");

    /** Who may make requests by Google's HTTP client, which says what it wants of an API in no interface. */
    private static final Set<String> SENDING_BY_HAND = Set.of(
            "client.http.BoundedTransport",
            "client.http.BoundedTransport$Request",
            "client.http.BoundedTransport$Sender",
            "client.http.Connections",
            "client.http.GoogleHttp",
            "client.http.GoogleRest",
            "client.http.HttpAnswer",
            // For its identity token the function asks the metadata server by Google's authentication library.
            "client.http.GoogleAuth",
            "client.http.MetadataTransport",
            "client.http.MetadataTransport$Request",
            "client.pubsub.PubSubHttp",
            "client.storage.Content",
            "client.storage.StorageHttp");

    /** Who must know the connection under a call, so as to close it. */
    private static final Set<String> ENDING_CALLS = Set.of(
            "client.http.CallLimit",
            "client.http.CallLimit$Body",
            "client.http.Connections",
            "client.http.Connections$Held",
            // Catches what a connection that was closed throws.
            "client.http.HttpAnswer");

    /** Who is told that the process ends. */
    private static final Set<String> TOLD_OF_THE_END = Set.of("cli.Interruption");

    private static final Pattern BY_REFLECTION = Pattern.compile("invoke|newInstance|newProxyInstance|set.*");

    private static final Pattern CLOCK_FACTORY = Pattern.compile("(system|tick).*");

    private final String root;

    ArchitectureRules(String root) {
        this.root = root;
    }

    ArchRule packagesHaveNoCycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    /** What the packages of each feature and layer may use beside themselves; whatever is not named may not. */
    private static final Map<String, List<String>> USES = Map.of(
            "model",
            List.of(),
            "logging",
            List.of("model"),
            "config",
            List.of("model"),
            "finding",
            List.of("model"),
            "result",
            List.of("finding", "model"),
            "client",
            List.of("config", "finding", "logging", "model"),
            "check",
            List.of("client", "config", "finding", "logging", "model"),
            "onboarding",
            List.of("check", "client", "config", "finding", "result", "model"),
            "scan",
            List.of("check", "client", "config", "finding", "logging", "result", "model"),
            "cli",
            List.of("client", "finding", "onboarding", "result", "scan", "model"));

    ArchRule importsGoOneWay() {
        return USES.entrySet().stream()
                .map(uses -> noClasses()
                        .that()
                        .resideInAPackage(in(uses.getKey()))
                        .should()
                        .dependOnClassesThat(resideInAPackage(root + "..")
                                .and(DescribedPredicate.not(resideInAnyPackage(
                                        Stream.concat(Stream.of(uses.getKey()), uses.getValue().stream())
                                                .map(this::in)
                                                .toArray(String[]::new)))))
                        .allowEmptyShould(true))
                .map(ArchRule.class::cast)
                .reduce((one, other) -> CompositeArchRule.of(one).and(other))
                .orElseThrow();
    }

    /** Of two classes one can be read without the other, and so of any number of them. */
    ArchRule noTwoClassesNeedEachOther() {
        return slices().assignedFrom(new ByOutermostClass(root)).should().beFreeOfCycles();
    }

    /** The entry points publish, and some keep evidence; what changes a key or a workspace is for steps to do. */
    ArchRule entryPointsDoNotReachPastTheSteps() {
        return noClasses()
                .that()
                .resideInAPackage(in("function"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(in("client.kms"), in("client.project"), in("client.anthropic"));
    }

    ArchRule stepsDoNotKnowEachOther() {
        return slices().assignedFrom(new ByOutermostClass(root + ".onboarding.step"))
                .should()
                .notDependOnEachOther();
    }

    ArchRule clientsDoNotKnowEachOther() {
        return slices().matching(root + ".client.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(alwaysTrue(), resideInAPackage(in("client.http")));
    }

    ArchRule foreignTypesStayInTheirClient() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(in("client"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "com.google..",
                        "io.grpc..",
                        "jakarta.ws.rs..",
                        "io.quarkus.rest.client..",
                        "org.eclipse.microprofile.rest.client..");
    }

    ArchRule cloudKmsStaysInItsClient() {
        return onlyIn("client.kms", "com.google.cloud.kms..");
    }

    ArchRule pubSubStaysInItsClient() {
        return onlyIn("client.pubsub", "com.google.cloud.pubsub..", "com.google.pubsub..");
    }

    ArchRule eventsStayAtTheEntryPoints() {
        return onlyIn("function", "io.quarkus.funqy..", "io.cloudevents..", "com.google.cloud.functions..");
    }

    ArchRule timeIsInjected() {
        return classes()
                .that(DescribedPredicate.not(DescribedPredicate.describe(
                        "the four that may",
                        type -> type.getName().equals(root + ".config.Settings")
                                || type.getName().equals(root + ".cli.Cmek")
                                // How long a call has taken is no time of day, and no clock that can be set measures
                                // it.
                                || type.getName().equals(root + ".client.http.Deadline")
                                || type.getName().equals(root + ".client.http.Retry"))))
                .should(notAccess("the time, and do not sleep", ArchitectureRules::isClockOnTheWall));
    }

    ArchRule nothingIsDestroyed() {
        return classes()
                .should(notAccess("what destroys, restores, deletes or grants blindly", ArchitectureRules::isTaboo));
    }

    /** Whatever Google's client learns to do, only what is named here is done to a key. */
    ArchRule aKeyIsReachedByKnownCallsOnly() {
        return classes().should(notAccess("a call of Cloud KMS that nobody named", ArchitectureRules::isUnknownToKeys));
    }

    /** Of what is sent to a REST API every call is named that is no GET; a new one is checked by whoever adds it. */
    ArchRule whatIsSentOverRestIsKnown() {
        return CompositeArchRule.of(classes().should(notAccess("what sends something that nobody named", this::isSent)))
                .and(noMethods()
                        .that(DescribedPredicate.describe(
                                "are none of the known", method -> !SENDING.contains(nameInProject(method))))
                        .should(new ArchCondition<>("send anything") {
                            @Override
                            public void check(JavaMethod method, ConditionEvents events) {
                                boolean sends = method.getAnnotations().stream()
                                        .map(annotation -> annotation.getRawType())
                                        .anyMatch(type -> type.isMetaAnnotatedWith("jakarta.ws.rs.HttpMethod")
                                                && !type.getName().equals("jakarta.ws.rs.GET"));
                                events.add(new SimpleConditionEvent(method, sends, method.getFullName()));
                            }
                        })
                        .allowEmptyShould(true));
    }

    private boolean isSent(JavaAccess<?> access) {
        String name = access.getTarget().getName();
        return switch (access.getTargetOwner().getName()) {
            case "com.google.api.client.http.HttpRequestFactory" ->
                name.startsWith("build")
                        && !name.equals("buildGetRequest")
                        && !SENDING.contains(nameInProject(access.getOrigin()));
            case "com.google.api.client.http.HttpRequest" -> name.equals("setRequestMethod");
            default -> false;
        };
    }

    /** Else the rules about calls would be rules about some of them. */
    ArchRule noOtherWayLeadsOutside() {
        return CompositeArchRule.of(noClasses()
                        .that(DescribedPredicate.describe(
                                "are none of those that end calls",
                                type -> !ENDING_CALLS.contains(nameInProject(type))
                                        && !TOLD_OF_THE_END.contains(nameInProject(type))))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(
                                        "java.net.http..",
                                        "java.nio.channels..",
                                        "javax.net..",
                                        "javax.script..",
                                        "jakarta.ws.rs.client..",
                                        "io.vertx.core..",
                                        "io.vertx.ext.web.client..",
                                        "io.netty..")
                                .or(DescribedPredicate.describe(
                                        "can reach out by themselves", ArchitectureRules::reachesOut)))
                        .orShould()
                        .accessTargetWhere(DescribedPredicate.describe(
                                "calls what no rule can see", ArchitectureRules::isCallByReflection)))
                .and(noClasses()
                        .that(DescribedPredicate.describe(
                                "are none of those that send by hand",
                                type -> !SENDING_BY_HAND.contains(nameInProject(type))))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("com.google.api.client..")))
                // What is sent by a client that is made there stands in the client's interface.
                .and(noClasses()
                        .that(DescribedPredicate.not(name(root + ".client.http.RestClients")))
                        .should()
                        .dependOnClassesThat(DescribedPredicate.describe(
                                "make REST clients", type -> type.getName().endsWith("RestClientBuilder"))));
    }

    /** The one call that writes a policy has one caller, and that one is told of a key and of no other resource. */
    ArchRule aPolicyIsWrittenOnACryptoKeyOnly() {
        return classes().should(new ArchCondition<>("write no policy but a crypto key's, by CloudKms.writePolicy") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getAccessesFromSelf().stream()
                        .filter(access -> access.getTarget().getName().equals("setIamPolicy"))
                        .filter(access -> !isWriterOfKeyPolicies(access.getOrigin()))
                        .forEach(access -> events.add(SimpleConditionEvent.violated(access, access.getDescription())));
            }
        });
    }

    /** A policy is what was read, or that with Anthropic's two roles: nobody can say who else shall have what. */
    ArchRule aPolicyNamesNobodyButAnthropic() {
        String policy = root + ".client.kms.KeyPolicy";
        return classes().should(new ArchCondition<>("make no policy of their own") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getConstructorCallsFromSelf().stream()
                        .filter(call -> call.getTargetOwner().getName().equals(policy))
                        .filter(call -> !isNamed(call.getOrigin(), "CloudKms.policy")
                                && !isNamed(call.getOrigin(), "KeyPolicy.withAnthropic"))
                        .forEach(call -> events.add(SimpleConditionEvent.violated(call, call.getDescription())));
                type.getMethods().stream()
                        .filter(method -> method.getOwner().getName().equals(policy)
                                && method.getRawReturnType().getName().equals(policy)
                                && !method.getRawParameterTypes().isEmpty())
                        .forEach(method -> events.add(SimpleConditionEvent.violated(
                                method, method.getFullName() + " lets its caller say what to change")));
            }
        });
    }

    /** Nothing outside of the constant itself can have a part in what it is. */
    ArchRule thePrincipalIsMadeOfNothing() {
        return classes()
                .that()
                .haveSimpleName("AnthropicPrincipal")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java.lang", "java.util", "org.jspecify.annotations")
                .andShould(notAccess(
                        "what others may set",
                        access -> access.getTargetOwner().getName().equals("java.lang.System")))
                .andShould(new ArchCondition<>("consist of constants") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        type.getFields().stream()
                                .filter(field -> !field.getModifiers()
                                        .containsAll(Set.of(JavaModifier.STATIC, JavaModifier.FINAL)))
                                .forEach(field -> events.add(
                                        SimpleConditionEvent.violated(field, field.getFullName() + " can be set")));
                    }
                });
    }

    ArchRule everyPackageSaysWhatMayBeNull() {
        return classes().should(new ArchCondition<>("reside in a package with @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(SimpleConditionEvent.violated(
                            type, "package " + type.getPackageName() + " has no package-info with @NullMarked"));
                }
            }
        });
    }

    // -------------------------------------------------------------------------------------------------------------

    private String in(String room) {
        return root + "." + room + "..";
    }

    private ArchRule onlyIn(String room, String... packages) {
        return noClasses()
                .that(DescribedPredicate.not(resideInAPackage(in(room))))
                .should()
                .dependOnClassesThat(resideInAnyPackage(packages));
    }

    private static boolean isClockOnTheWall(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        boolean takesClock = access.getDescription().contains("java.time.Clock)");
        return switch (owner) {
            case "java.time.Clock" -> CLOCK_FACTORY.matcher(name).matches();
            case "java.lang.System" -> name.equals("currentTimeMillis") || name.equals("nanoTime");
            case "java.lang.Thread", "java.util.concurrent.TimeUnit" -> name.equals("sleep");
            case "java.util.Date" -> name.equals("<init>");
            default -> owner.startsWith("java.time.") && name.equals("now") && !takesClock;
        };
    }

    private static boolean isTaboo(JavaAccess<?> access) {
        return access.getTargetOwner().getName().startsWith("com.google.")
                && TABOO.matcher(access.getTarget().getName()).matches();
    }

    private static boolean isUnknownToKeys(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        return owner.getPackageName().startsWith("com.google.cloud.kms.")
                && (owner.getSimpleName().endsWith("Stub")
                        || owner.getSimpleName().endsWith("Client"))
                && !ASKED_OF_KEYS.contains(access.getTarget().getName());
    }

    private static boolean reachesOut(JavaClass type) {
        return switch (type.getName()) {
            case "java.lang.ProcessBuilder",
                    "java.lang.Runtime",
                    "java.lang.invoke.MethodHandles",
                    "java.net.HttpURLConnection",
                    "java.net.Socket",
                    "java.net.URL",
                    "java.net.URLConnection" -> true;
            default -> false;
        };
    }

    private static boolean isCallByReflection(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        return (owner.startsWith("java.lang.reflect.")
                        && BY_REFLECTION.matcher(name).matches())
                || (owner.equals("java.lang.Class") && name.equals("forName"));
    }

    private boolean isWriterOfKeyPolicies(JavaCodeUnit deduplicationKey) {
        return isNamed(deduplicationKey, "CloudKms.writePolicy")
                && deduplicationKey.getRawParameterTypes().stream()
                        .map(JavaClass::getName)
                        .toList()
                        .equals(List.of(root + ".model.CryptoKeyName", root + ".client.kms.KeyPolicy"));
    }

    private boolean isNamed(JavaCodeUnit unit, String method) {
        return (unit.getOwner().getName() + "." + unit.getName()).equals(root + ".client.kms." + method);
    }

    private String nameInProject(JavaCodeUnit unit) {
        return nameInProject(unit.getOwner()) + "." + unit.getName();
    }

    private String nameInProject(JavaClass type) {
        return type.getName().substring(root.length() + 1);
    }

    private static ArchCondition<JavaClass> notAccess(
            String what, java.util.function.Predicate<JavaAccess<?>> forbidden) {
        return new ArchCondition<>("not access " + what) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getAccessesFromSelf().stream()
                        .filter(forbidden)
                        .forEach(access -> events.add(SimpleConditionEvent.violated(access, access.getDescription())));
            }
        };
    }

    /** Each class of a package and of those below it, with those nested in it, is a slice of its own. */
    private record ByOutermostClass(String top) implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            boolean isBelow = (type.getPackageName() + ".").startsWith(top + ".");
            if (!isBelow || type.getSimpleName().equals("package-info")) {
                return SliceIdentifier.ignore();
            }
            JavaClass outermost = type;
            while (outermost.getEnclosingClass().isPresent()) {
                outermost = outermost.getEnclosingClass().get();
            }
            return SliceIdentifier.of(outermost.getName());
        }

        @Override
        public String getDescription() {
            return "classes of " + top;
        }
    }
}
