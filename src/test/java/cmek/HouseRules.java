package cmek;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/**
 * The one-way house. Each rule is written for a root package, so that the same rule can be held against a house that
 * breaks it.
 */
final class HouseRules {

    /** What takes material away, brings it back, changes who may use it, or changes which is used. */
    private static final Pattern TABOO = Pattern.compile(
            "(destroy|restore|delete|import|setIamPolicy|updateCryptoKeyVersion|updateCryptoKeyPrimaryVersion).*");

    private static final Pattern CLOCK_FACTORY = Pattern.compile("(system|tick).*");

    private final String root;

    HouseRules(String root) {
        this.root = root;
    }

    ArchRule packagesHaveNoCycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    ArchRule doorsOpenOneWay() {
        return layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("function")
                .definedBy(in("function"))
                .layer("step")
                .definedBy(in("step"))
                .optionalLayer("monitor")
                .definedBy(in("monitor"))
                .optionalLayer("repair")
                .definedBy(in("repair"))
                .optionalLayer("report")
                .definedBy(in("report"))
                .optionalLayer("evidence")
                .definedBy(in("evidence"))
                .optionalLayer("inspection")
                .definedBy(in("inspection"))
                .optionalLayer("ledger")
                .definedBy(in("ledger"))
                .optionalLayer("request")
                .definedBy(in("request"))
                .layer("client")
                .definedBy(in("client"))
                .optionalLayer("config")
                .definedBy(in("config"))
                .layer("onboarding")
                .definedBy(in("onboarding"))
                .whereLayer("function")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("step")
                .mayOnlyBeAccessedByLayers("function")
                .whereLayer("monitor")
                .mayOnlyBeAccessedByLayers("function", "repair")
                .whereLayer("repair")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("report")
                .mayOnlyBeAccessedByLayers("monitor")
                .whereLayer("evidence")
                .mayOnlyBeAccessedByLayers("function", "monitor", "report")
                .whereLayer("ledger")
                .mayOnlyBeAccessedByLayers("function", "step")
                .whereLayer("request")
                .mayOnlyBeAccessedByLayers("function")
                .whereLayer("inspection")
                .mayOnlyBeAccessedByLayers("step", "monitor", "repair")
                .whereLayer("client")
                .mayOnlyBeAccessedByLayers("function", "step", "monitor", "repair", "inspection", "ledger")
                .whereLayer("config")
                .mayOnlyBeAccessedByLayers("function", "client")
                .whereLayer("onboarding")
                .mayOnlyBeAccessedByLayers(
                        "function",
                        "step",
                        "monitor",
                        "repair",
                        "report",
                        "evidence",
                        "ledger",
                        "request",
                        "inspection",
                        "client",
                        "config");
    }

    /** The doors publish, and some keep evidence; what changes a key or a workspace is for steps to do. */
    ArchRule doorsDoNotReachPastTheSteps() {
        return noClasses()
                .that()
                .resideInAPackage(in("function"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(in("client.kms"), in("client.project"), in("client.anthropic"));
    }

    ArchRule stepsDoNotKnowEachOther() {
        return slices().assignedFrom(new ByOutermostClass(root + ".step"))
                .should()
                .notDependOnEachOther();
    }

    ArchRule windowsDoNotKnowEachOther() {
        return slices().matching(root + ".client.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(alwaysTrue(), resideInAPackage(in("client.transport")));
    }

    ArchRule foreignTypesStayBehindTheirWindow() {
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

    ArchRule cloudKmsStaysInItsWindow() {
        return onlyIn("client.kms", "com.google.cloud.kms..");
    }

    ArchRule pubSubStaysInItsWindow() {
        return onlyIn("client.pubsub", "com.google.cloud.pubsub..", "com.google.pubsub..");
    }

    ArchRule eventsStayAtTheDoors() {
        return onlyIn("function", "io.quarkus.funqy..", "io.cloudevents..", "com.google.cloud.functions..");
    }

    ArchRule timeIsInjected() {
        return classes()
                .that(DescribedPredicate.not(DescribedPredicate.describe(
                        "the two that may",
                        type -> type.getName().equals(root + ".config.Settings")
                                || type.getName().equals(root + ".client.transport.Retry"))))
                .should(notAccess("the time, and do not sleep", HouseRules::isClockOnTheWall));
    }

    ArchRule nothingIsDestroyed() {
        return classes().should(notAccess("what destroys, restores, deletes or grants blindly", HouseRules::isTaboo));
    }

    /** Nothing but a registration of ours that nobody refers to, which is no key. */
    ArchRule nothingIsDeletedOverRest() {
        return noMethods()
                .that()
                .doNotHaveFullName(root + ".client.anthropic.AdminHttp.deleteExternalKey(" + root
                        + ".client.anthropic.Credential, java.lang.String)")
                .should()
                .beAnnotatedWith("jakarta.ws.rs.DELETE")
                .orShould()
                .beAnnotatedWith("jakarta.ws.rs.PUT")
                .orShould()
                .beAnnotatedWith("jakarta.ws.rs.PATCH")
                .allowEmptyShould(true);
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

    /** Each class of a package, with those nested in it, is a room of its own. */
    private record ByOutermostClass(String room) implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            if (!type.getPackageName().equals(room) || type.getSimpleName().equals("package-info")) {
                return SliceIdentifier.ignore();
            }
            JavaClass outermost = type;
            while (outermost.getEnclosingClass().isPresent()) {
                outermost = outermost.getEnclosingClass().get();
            }
            return SliceIdentifier.of(outermost.getSimpleName());
        }

        @Override
        public String getDescription() {
            return "classes of " + room;
        }
    }
}
